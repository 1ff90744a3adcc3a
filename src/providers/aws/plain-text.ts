/**
 * A text of AWS's without its blanks and in small letters, to compare it with another.
 *
 * AWS does not spell the same thing alike everywhere: RDS lists "oracle-se2 (byol)" and "oracle-ee(byol)".
 */
export const plainText = (text: string): string => text.toLowerCase().replaceAll(/\s/g, "");

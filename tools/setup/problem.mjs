/** Something a person has to know or do. Its message is printed as it is, without a stack. */
export class Problem extends Error {
  name = "Problem";
}

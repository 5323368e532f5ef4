/** @internal A script, a fault or a control request is wrong. */
export class InvalidInputError extends TypeError {
  override readonly name = "InvalidInputError";
}

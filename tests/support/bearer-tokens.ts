// Tokens as an identity provider issues them, unsigned: the simulator checks no signature.

/** A SAML assertion that names a user. */
export function assertionOf(user: string, notOnOrAfter?: number): string {
  const until = notOnOrAfter === undefined ? "" : ` NotOnOrAfter="${new Date(notOnOrAfter).toISOString()}"`;
  return (
    '<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0">' +
    `<saml2:Subject><saml2:NameID>${user}</saml2:NameID></saml2:Subject><saml2:Conditions${until}/></saml2:Assertion>`
  );
}

/** A JWT that names a user. */
export function jwtOf(user: string, expiresAt?: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = expiresAt === undefined ? {} : { exp: Math.floor(expiresAt / 1000) };
  return `${part({ alg: "none" })}.${part({ sub: user, ...exp })}.`;
}

import { secretsSent } from "../../../provider/clients/http/secrets-sent";

test.each([{ body: "refresh-1" }, { text: "refresh-1" }])(
  "a token that is the whole of %j is a secret",
  (id) => {
    const about = { method: "DELETE", path: "/v1/tokens/refresh-token", ...id } as const;
    expect(secretsSent(about)).toContain("refresh-1");
    expect(secretsSent({ ...about, path: "/v1/hosts" })).not.toContain("refresh-1");
  },
);

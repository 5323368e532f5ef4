import { filled } from "../../../provider/resources/inputs";

test("an output without a value is null, for the host cannot send one that is undefined", () => {
  expect(filled({ taskId: "immediate:1", immediateResult: undefined }, ["immediateResult"])).toStrictEqual({
    taskId: "immediate:1",
    immediateResult: null,
  });
  expect(filled({ result: { id: 1 } }, ["result", "task"])).toStrictEqual({ result: { id: 1 }, task: null });
});

import {
  BatchRefusedError,
  ConfigurationError,
  EndpointFaultError,
  EngineGoneError,
  errorCodes,
  hasCode,
  InvalidArgumentsError,
  isVmwareTasksError,
  MayHaveStartedError,
  messageOf,
  RequestRefusedError,
  TaskFailedError,
  TaskNotFoundError,
  UnexpectedReplyError,
} from "../../../provider/tasks";

const errors = [
  new InvalidArgumentsError('Operation "vm"', [{ path: "request.path", message: "is missing" }]),
  new ConfigurationError("no"),
  new EndpointFaultError("no", { faultClass: "network", sent: "no" }),
  new RequestRefusedError("no", { httpStatus: 400, isBusy: false, isNotFound: false, causes: [] }),
  new UnexpectedReplyError("no"),
  new BatchRefusedError("no"),
  new MayHaveStartedError("no", ["task-1"]),
  new TaskNotFoundError("no"),
  new TaskFailedError("no"),
  new EngineGoneError(),
];

test("every error has a code of its own and the name of its class", () => {
  expect(errors.map(({ code }) => code).sort()).toEqual([...errorCodes].sort());
  for (const error of errors) expect(error.name).toBe(error.constructor.name);
});

test.each(errors.map((error) => [error.code, error] as const))(
  "%s is recognised by its code alone",
  (code, error) => {
    expect(hasCode(error, code)).toBe(true);
    expect(errorCodes.filter((other) => hasCode(error, other))).toEqual([code]);
    expect(isVmwareTasksError(error)).toBe(true);
  },
);

test("an error of another copy of the module is recognised", () => {
  jest.isolateModules(() => {
    const copy = jest.requireActual<{ TaskNotFoundError: typeof TaskNotFoundError }>(
      "../../../provider/tasks",
    );
    const error = new copy.TaskNotFoundError("no");
    expect(error).not.toBeInstanceOf(TaskNotFoundError);
    expect(hasCode(error, "VMWARE_TASK_NOT_FOUND")).toBe(true);
  });
});

test.each([undefined, null, "VMWARE_TASK_FAILED", { code: "VMWARE_TASK_FAILED" }, new Error("other")])(
  "%p is no error of this package",
  (value) => {
    expect(isVmwareTasksError(value)).toBe(false);
  },
);

test("all problems of arguments are in one message, each with its path", () => {
  const error = new InvalidArgumentsError('Operation "vm"', [
    { path: "request.path", message: "is missing" },
    { path: "timeout", message: "must be a number with a unit" },
  ]);
  expect(error.message).toBe(
    'Operation "vm":\n  - request.path: is missing\n  - timeout: must be a number with a unit',
  );
});

test.each([
  [new Error("text"), "text"],
  ["text", "text"],
  [undefined, "undefined"],
])("the message of %p is %j", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

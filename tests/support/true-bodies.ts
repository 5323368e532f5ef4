// Tasks as the servers tell them, with every field that is read; what is odd about others is made of these.

const message = {
  id: "com.vmware.vcenter.clone.failed",
  default_message: "Cloning {0} on {host} failed.",
  args: ["vm-1"],
  params: { host: { s: "esx-1" } },
  localized: "",
};

/** The body of a task, and where its status word is. */
export interface TrueBody {
  readonly body: Record<string, unknown>;
  readonly put: (body: Record<string, unknown>, word: string) => void;
}

const at =
  (field: string) =>
  (body: Record<string, unknown>, word: string): void => {
    body[field] = word;
  };

/** `Cis.Task.Info`, of vCenter and Snapservice. */
export const cisTask: TrueBody = {
  put: at("status"),
  body: {
    status: "FAILED",
    description: message,
    service: "com.vmware.vcenter.VM",
    operation: "clone$task",
    cancelable: true,
    user: "VSPHERE.LOCAL\\Administrator",
    target: { type: "VirtualMachine", id: "vm-1" },
    progress: { total: 100, completed: 40, message },
    start_time: "2026-01-01T00:00:00.000Z",
    end_time: "2026-01-01T00:01:00.000Z",
    result: { value: "vm-2" },
    error: { error_type: "UNABLE_TO_ALLOCATE_RESOURCE", messages: [message], data: { is_transient: true } },
    notifications: {
      warnings: [{ id: "w", message }],
      errors: [{ message, resolution: message }, "It is full."],
    },
  },
};

const fault = {
  _typeName: "LocalizedMethodFault",
  fault: {
    _typeName: "NoDiskSpace",
    faultMessage: [{ key: "k", message: "No room." }],
    faultCause: { _typeName: "LocalizedMethodFault", localizedMessage: "The datastore is full." },
  },
  localizedMessage: "There is not enough space.",
};

/** `TaskInfo` of the VI JSON API. */
export const vimTask: TrueBody = {
  put: at("state"),
  body: {
    state: "error",
    name: "CloneVM_Task",
    descriptionId: "VirtualMachine.clone",
    description: { key: "k", message: "Copying" },
    entity: { type: "VirtualMachine", value: "vm-1" },
    entityName: "web",
    cancelled: false,
    cancelable: true,
    progress: 40,
    queueTime: "2026-01-01T00:00:00.000Z",
    startTime: "2026-01-01T00:00:00.000Z",
    completeTime: "2026-01-01T00:01:00.000Z",
    result: { type: "VirtualMachine", value: "vm-2" },
    error: fault,
  },
};

const error = {
  errorCode: "DNS_FAILED",
  errorType: "ERROR",
  message: "vc.example.com cannot be resolved.",
  remediationMessage: "Add a record.",
  referenceToken: "ABC123",
  causes: [{ type: "UnknownHostException", message: "unknown host" }],
  nestedErrors: [{ errorCode: "INNER", message: "inner" }],
};

/** `Task` of SDDC Manager; its other kinds have the same fields under other names. */
export const sddcTask: TrueBody = {
  put(body, word) {
    for (const field of ["status", "executionStatus", "resultStatus", "downloadStatus", "result"])
      body[field] = word;
    const [first] = body.subTasks as Record<string, unknown>[];
    if (first !== undefined) first.status = word;
  },
  body: {
    id: "bc32f3be-a777-434b-a156-3fa54e8d2ded",
    taskId: "bc32f3be-a777-434b-a156-3fa54e8d2ded",
    name: "Create domain",
    description: { defaultMessage: "Create domain", localizedMessage: null },
    status: "FAILED",
    completed: false,
    executionStatus: "COMPLETED",
    resultStatus: "FAILED",
    downloadStatus: "FAILED",
    queryInfo: { queryId: "q-1", completed: true, failure: false, errors: [error] },
    creationTimestamp: "2026-01-01T00:00:00.000Z",
    completionTimestamp: 1767225660000,
    subTasks: [
      {
        name: "Validate",
        description: "Validate the hosts",
        status: "FAILED",
        errors: [error],
        stages: [{ name: "DNS", status: "SUCCESSFUL", errors: [{ ...error, errorType: "WARNING" }] }],
        subTasks: [{ name: "Deep", status: "COMPLETED_WITH_FAILURE", errors: [error] }],
      },
      { name: "Deploy", status: "PENDING", severity: "WARNING" },
    ],
    validationChecks: [{ description: "A check", resultStatus: "FAILED", errorResponse: error }],
    messages: [{ level: "ERROR", message: { defaultMessage: "It is too old." } }],
    errors: [error],
    resources: [{ resourceId: "host-1", type: "ESXI", fqdn: "esx-1.example.com" }],
    isCancellable: true,
    isRetryable: true,
  },
};

/** `C4ApiTask` of VCDA. */
export const vcdaTask: TrueBody = {
  put: at("state"),
  body: {
    id: "f61d60d2-698a-46dc-a266-88df27644956",
    state: "FAILED",
    progress: 40,
    startTime: 1767225600000,
    endTime: "1767225660000",
    user: "root",
    site: "site1",
    workflowInfo: {
      type: "start",
      resourceType: "vmReplication",
      resourceId: "C4-1",
      resourceName: "web",
    },
    result: { id: "C4-1", stacktrace: "at com.vmware" },
    error: { code: "Forbidden", msg: "No {0} for {1}.", args: ["right", { user: "root" }], stacktrace: "at" },
    warnings: [{ resourceId: "C4-1", error: { code: "Slow", msg: "It is slow.", args: [] } }],
  },
};

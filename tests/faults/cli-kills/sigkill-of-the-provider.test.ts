import { testNewOperations } from "../../support/cli-kill-cells";

testNewOperations("SIGKILL of the provider");

import { testNewOperations } from "../../support/cli-kill-cells";

testNewOperations("SIGHUP of the terminal");

import { testNewOperations } from "../../support/cli-kill-cells";

testNewOperations("two Ctrl-C");

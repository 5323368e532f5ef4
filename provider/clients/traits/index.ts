/**
 * What each product's task API can do and how one logs in: plain data, cheap to load, so that arguments and
 * configuration are checked without loading a client.
 */
export {
  kindOfTask,
  productTraits,
  traitsOfKind,
  usualKind,
  type KindTraits,
  type LoginTraits,
  type ProductTraits,
  type RemoteLoginTraits,
} from "./product-traits";

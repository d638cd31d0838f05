export function Commands(_props: { readonly onClose: () => void }) {
  return null;
}

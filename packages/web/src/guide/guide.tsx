export function Guide({ onArrived }: { readonly onArrived: () => void }) {
  return (
    <button type="button" onClick={onArrived}>
      guide
    </button>
  );
}

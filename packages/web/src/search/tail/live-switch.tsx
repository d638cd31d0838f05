import styles from "./tail.module.css";

interface LiveSwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function LiveSwitch({ isOn, onChange }: LiveSwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      className={styles.switch}
      title="Live tail: new records as they arrive (l)"
      onClick={() => onChange(!isOn)}
    >
      <i aria-hidden="true" /> Live
    </button>
  );
}

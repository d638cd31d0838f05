import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  ActivityLogIcon,
  ArchiveIcon,
  DesktopIcon,
  DotsHorizontalIcon,
  EnterIcon,
  GlobeIcon,
  KeyboardIcon,
  LightningBoltIcon,
  MoonIcon,
  PaperPlaneIcon,
  RowsIcon,
  Share1Icon,
  SunIcon,
} from "@radix-ui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { IconButton } from "./icon-button.tsx";
import { openOverlay } from "./overlay.ts";
import { setPreferences, usePreferences } from "./preferences.ts";

const SCHEMES = [
  { value: "light", label: "Light", icon: SunIcon },
  { value: "dark", label: "Dark", icon: MoonIcon },
  { value: "auto", label: "As the system", icon: DesktopIcon },
] as const;

/** How the pages look, and the way to the rest. */
export function AppMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { zone, density } = usePreferences();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={230} withinPortal shadow="none">
      <Menu.Target>
        <IconButton label="Menu">
          <DotsHorizontalIcon width={18} height={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon width={15} height={15} />}
            rightSection={colorScheme === value ? "✓" : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<RowsIcon width={15} height={15} />}
          rightSection={density === "compact" ? "✓" : null}
          onClick={() => setPreferences({ density: density === "compact" ? "comfortable" : "compact" })}
        >
          Compact rows
        </Menu.Item>
        <Menu.Item
          leftSection={<GlobeIcon width={15} height={15} />}
          rightSection={zone === "utc" ? "✓" : null}
          onClick={() => setPreferences({ zone: zone === "utc" ? "local" : "utc" })}
        >
          Times in UTC
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<ActivityLogIcon width={15} height={15} />}
          rightSection={<kbd>g t</kbd>}
          onClick={() => void navigate({ to: "/traces" })}
        >
          Traces
        </Menu.Item>
        <Menu.Item
          leftSection={<Share1Icon width={15} height={15} />}
          rightSection={<kbd>g m</kbd>}
          onClick={() => void navigate({ to: "/services" })}
        >
          Services
        </Menu.Item>
        <Menu.Item
          leftSection={<PaperPlaneIcon width={15} height={15} />}
          onClick={() => void navigate({ to: "/send" })}
        >
          Send logs
        </Menu.Item>
        <Menu.Item
          leftSection={<EnterIcon width={15} height={15} />}
          onClick={() => void navigate({ to: "/intake" })}
        >
          Intake
        </Menu.Item>
        <Menu.Item
          leftSection={<ArchiveIcon width={15} height={15} />}
          onClick={() => void navigate({ to: "/storage" })}
        >
          Storage
        </Menu.Item>
        <Menu.Item
          leftSection={<LightningBoltIcon width={15} height={15} />}
          rightSection={<kbd>Ctrl K</kbd>}
          onClick={() => openOverlay("commands")}
        >
          Commands
        </Menu.Item>
        <Menu.Item
          leftSection={<KeyboardIcon width={15} height={15} />}
          rightSection={<kbd>?</kbd>}
          onClick={() => openOverlay("help")}
        >
          Keys
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconCommand,
  IconDatabase,
  IconDeviceDesktop,
  IconDoorEnter,
  IconDots,
  IconKeyboard,
  IconMoon,
  IconPlugConnected,
  IconRowInsertBottom,
  IconSun,
  IconTimeline,
  IconTopologyStar3,
  IconWorld,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { IconButton } from "./icon-button.tsx";
import { openOverlay } from "./overlay.ts";
import { setPreferences, usePreferences } from "./preferences.ts";

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As the system", icon: IconDeviceDesktop },
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
          <IconDots size={18} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={15} />}
            rightSection={colorScheme === value ? "✓" : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconRowInsertBottom size={15} />}
          rightSection={density === "compact" ? "✓" : null}
          onClick={() => setPreferences({ density: density === "compact" ? "comfortable" : "compact" })}
        >
          Compact rows
        </Menu.Item>
        <Menu.Item
          leftSection={<IconWorld size={15} />}
          rightSection={zone === "utc" ? "✓" : null}
          onClick={() => setPreferences({ zone: zone === "utc" ? "local" : "utc" })}
        >
          Times in UTC
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTimeline size={15} />}
          rightSection={<kbd>g t</kbd>}
          onClick={() => void navigate({ to: "/traces" })}
        >
          Traces
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTopologyStar3 size={15} />}
          rightSection={<kbd>g m</kbd>}
          onClick={() => void navigate({ to: "/services" })}
        >
          Services
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPlugConnected size={15} />}
          onClick={() => void navigate({ to: "/send" })}
        >
          Send logs
        </Menu.Item>
        <Menu.Item leftSection={<IconDoorEnter size={15} />} onClick={() => void navigate({ to: "/intake" })}>
          Intake
        </Menu.Item>
        <Menu.Item leftSection={<IconDatabase size={15} />} onClick={() => void navigate({ to: "/storage" })}>
          Storage
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCommand size={15} />}
          rightSection={<kbd>Ctrl K</kbd>}
          onClick={() => openOverlay("commands")}
        >
          Commands
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={15} />}
          rightSection={<kbd>?</kbd>}
          onClick={() => openOverlay("help")}
        >
          Keys
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

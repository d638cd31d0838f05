import { createTheme, localStorageColorSchemeManager } from "@mantine/core";

/** Read by `public/early.js` too, before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: "polylog.scheme" });

/** Mantine in the colours of `tokens.css`, so that there is one place to change them. */
export const theme = createTheme({
  fontFamily: "var(--font-sans)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "11.5px", sm: "12.5px", md: "13px" },
  defaultRadius: "5px",
  respectReducedMotion: true,
  components: {
    Popover: { defaultProps: { transitionProps: { duration: 80 }, radius: 6 } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, radius: 6 } },
    Modal: { defaultProps: { transitionProps: { duration: 100 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 140 } } },
  },
});

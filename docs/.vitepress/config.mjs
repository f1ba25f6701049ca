import fs from "node:fs";
import path from "node:path";
import { defineConfig } from "vitepress";
import { plain, repository } from "./markdown.mjs";
import { docs, nav, sidebar } from "./pages.mjs";

const icon = "data:image/svg+xml;base64," + fs.readFileSync(path.resolve(docs, "../console/static/icon.svg")).toString("base64");

export default defineConfig({
  title: "Parley",
  lang: "en",
  description: "Contract tests and mock servers for integrations in which both sides call each other",
  head: [["link", { rel: "icon", href: icon }]],
  markdown: { html: false, config: plain, theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } },
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath === "index.md") Object.assign(frontmatter, { sidebar: false, aside: false, editLink: false, pageClass: "front" });
    if (relativePath.startsWith("reference/")) frontmatter.editLink = false; // a program writes it
  },
  vite: { build: { chunkSizeWarningLimit: 2048 } }, // kB; the longest pages of the reference, and the index of the search
  themeConfig: {
    logo: icon,
    nav,
    sidebar,
    outline: { level: [2, 3], label: "On this page" },
    search: { provider: "local" },
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: "Edit this page" },
    socialLinks: [{ icon: "github", link: repository }],
  },
});

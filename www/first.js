// Before anything is painted: the theme that was chosen, and whether the reader will see the page as it was drawn
// when it was built. Whoever comes back to a scenario of their own, or follows a link to one, will not.
{
  const kept = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = kept("stayfresh.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const own = kept("stayfresh.scenario") !== null || location.hash.length > 1 || location.search.includes("embed");
  if (own) delete root.dataset.first;
}

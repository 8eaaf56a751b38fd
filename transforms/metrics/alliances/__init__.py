"""What allies owe one another, how their alliances are run, and who pays."""

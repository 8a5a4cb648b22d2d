using Spectre.Console;

namespace KeysCluster.Cli.Output;

internal static class Tables
{
    /// <summary>Columns of ids and types, which people select with a double click.</summary>
    private static readonly HashSet<string> UnbrokenColumns =
        ["Id", "Secret", "Replaced secret", "Virtual key", "Delivery", "Type"];

    /// <summary>Below this width, a table leaves out what another command shows.</summary>
    private const int WideWidth = 110;

    /// <summary>Whether a table has little room beside the ids.</summary>
    public static bool IsNarrow(IAnsiConsole console) => console.Profile.Width < WideWidth;

    public static Table CreateTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var column in columns)
        {
            var header = new TableColumn($"[bold]{column.ToMarkup()}[/]");
            table.AddColumn(UnbrokenColumns.Contains(column) ? header.NoWrap() : header);
        }

        return table;
    }

    /// <summary>Adds a row of markup. Text of users must be escaped.</summary>
    public static void Add(this Table table, params string[] cells) =>
        table.AddRow(cells.Select(MarkupText.Render));

    /// <summary>A grid of labels and values. Values that are empty are left out.</summary>
    public static Grid CreateFields(params (string Label, string? Markup)[] fields)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        foreach (var (label, markup) in fields)
        {
            if (string.IsNullOrEmpty(markup)) continue;
            grid.AddRow(MarkupText.Render($"[grey]{label}[/]"), MarkupText.Render(markup));
        }

        return grid;
    }
}

namespace KeysCluster.Silo.Moves;

/// <summary>A table that is moved, with the columns that both databases have.</summary>
/// <param name="Name">The name.</param>
/// <param name="Columns">The columns, in the order of the values of a row.</param>
internal sealed record MovedTable(string Name, IReadOnlyList<MovedColumn> Columns)
{
    /// <summary>The names of the columns as SQL.</summary>
    public string ColumnsSql => string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Returns the index of a column; -1 if there is none.</summary>
    public int IndexOf(string column) => Columns.Index()
        .Where(entry => entry.Item.Name == column)
        .Select(entry => entry.Index)
        .FirstOrDefault(-1);
}

namespace KeysCluster.Silo.Moves;

/// <summary>Counts rows, and reports how far a move is.</summary>
/// <param name="progress">Receives it; null for nobody.</param>
internal sealed class RowProgress(IProgress<MoveProgress>? progress)
{
    /// <summary>The rows after which the progress is reported again.</summary>
    private const int RowsPerReport = 500;

    private long _rows;

    /// <summary>How many rows the whole move reads.</summary>
    public long TotalRows { get; set; }

    /// <summary>Reports that a step begins.</summary>
    public void Begin(string step) => progress?.Report(new MoveProgress(step, _rows, TotalRows));

    /// <summary>Counts a row.</summary>
    public void Advance(string step)
    {
        if (_rows++ % RowsPerReport == 0) Begin(step);
    }

    /// <summary>Counts the rows of a sequence while it is read.</summary>
    public IEnumerable<T> Track<T>(string step, IEnumerable<T> rows)
    {
        foreach (var row in rows)
        {
            Advance(step);
            yield return row;
        }
    }
}

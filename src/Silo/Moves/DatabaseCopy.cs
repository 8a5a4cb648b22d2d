namespace KeysCluster.Silo.Moves;

/// <summary>Copies the rows of an embedded database to that of a cluster, and checks the copy.</summary>
internal sealed class DatabaseCopy(SourceDatabase source, TargetDatabase target, RowProgress progress)
{
    /// <summary>Verifies the states of the source.</summary>
    /// <exception cref="MoveException">A pepper is missing.</exception>
    public StateReport Survey(StateSurvey survey)
    {
        foreach (var (stateName, id, payload) in progress.Track("Verifying the states", source.ReadStates()))
            survey.Add(stateName, id, payload);
        if (survey.MissingPeppers.Count == 0) return survey.Report();
        throw new MoveException(
            MoveFailure.Refused,
            $"States depend on peppers that are missing here: {string.Join(", ", survey.MissingPeppers)}. Set all of "
            + "Keys:Peppers as for the embedded service. Its command 'pepper status' shows what depends on each.");
    }

    /// <summary>Copies all tables.</summary>
    /// <returns>Each table with the number and the digest of its rows.</returns>
    public async Task<IReadOnlyList<(MovedTable Table, long Rows, string Digest)>> CopyAsync(
        ServiceRename rename, CancellationToken cancellationToken)
    {
        var copied = new List<(MovedTable, long, string)>();
        await target.DisableTriggerAsync(cancellationToken);
        await target.DeleteSettingsAsync(source.ReadSettings().Keys, cancellationToken);
        foreach (var table in await target.ReadTablesAsync(source, cancellationToken))
        {
            using var digest = await target.CopyAsync(
                table, progress.Track($"Copying {table.Name}", Rename(table)), cancellationToken);
            copied.Add((table, digest.Rows, digest.ToString()));
        }

        await target.ContinuePositionsAsync(source.ReadLastPosition(), cancellationToken);
        await target.EnableTriggerAsync(cancellationToken);
        return copied;

        IEnumerable<object?[]> Rename(MovedTable table)
        {
            foreach (var row in source.Read(table))
            {
                rename.Apply(table, row);
                yield return row;
            }
        }
    }

    /// <summary>Reads everything back, before the commit.</summary>
    /// <exception cref="MoveException">Something is not as in the source.</exception>
    public async Task CheckAsync(
        IReadOnlyList<(MovedTable Table, long Rows, string Digest)> tables,
        StateSurvey survey,
        StateReport expected,
        CancellationToken cancellationToken)
    {
        var settings = source.ReadSettings().Keys.ToList();
        foreach (var (table, rows, digest) in tables)
        {
            using var stored = new RowDigest();
            await foreach (var row in target.ReadAsync(table, settings, cancellationToken))
            {
                progress.Advance($"Checking {table.Name}");
                stored.Add(row);
                if (table.Name == MovedTables.States) AddState(survey, table, row);
            }

            if (stored.Rows != source.Count(table.Name) || stored.Rows != rows || stored.ToString() != digest)
            {
                throw Differs(
                    $"{table.Name} has {stored.Rows} rows with the digest {stored}, not {rows} with {digest}");
            }
        }

        if (!survey.Report().IsSameAs(expected))
            throw Differs($"the states are {survey.Report()}, not {expected}");
        progress.Begin("Checking the indexes");
        var differences = await target.FindIndexDifferencesAsync(cancellationToken);
        if (differences.Count > 0)
        {
            throw Differs(string.Join(
                ", ",
                differences.Select(table => $"{table.Rows} rows of {table.Table} do not follow from the states")));
        }
    }

    private static void AddState(StateSurvey survey, MovedTable table, object?[] row)
    {
        if (row[table.IndexOf("PayloadBinary")] is not byte[] payload) return;
        survey.Add(
            (string)row[table.IndexOf("GrainTypeString")]!,
            row[table.IndexOf("GrainIdExtensionString")] as string ?? "",
            payload);
    }

    private static MoveException Differs(string difference) => new(
        MoveFailure.Failed, $"The copy differs from the embedded database, and was removed again: {difference}.");
}

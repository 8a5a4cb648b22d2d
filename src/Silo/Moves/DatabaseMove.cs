using KeysCluster.Hosting;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Peppers;
using KeysCluster.Silo.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// Moves the data of an embedded service to the PostgreSQL database of a cluster, with everything that is in it.
/// Source: docs/adr/0029-move.md.
/// </summary>
/// <param name="options">What to move, and where.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Receives how far the move is; null for nobody.</param>
public sealed class DatabaseMove(MoveOptions options, TimeProvider time, IProgress<MoveProgress>? progress = null)
{
    private const string DatabaseFileName = "keys.db";
    private const string ServiceIdSetting = "Cluster:ServiceId";
    private const string DefaultServiceId = "keys";
    private const int MaxServiceIdLength = 150;

    /// <summary>The rows after which the progress is reported again.</summary>
    private const int RowsPerReport = 500;

    private long _rows;
    private long _totalRows;

    /// <summary>Moves the data. A call that failed, or was interrupted, can be repeated.</summary>
    /// <param name="cancellationToken">Cancels the move, which then has changed nothing.</param>
    /// <exception cref="MoveException">The move is refused, or has failed. The target has no data of it.</exception>
    public async Task<MoveReport> MoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await MoveLockedAsync(cancellationToken);
        }
        catch (StartupException exception)
        {
            throw new MoveException(MoveFailure.Refused, exception.Message, exception);
        }
        catch (SqliteException exception)
        {
            throw new MoveException(
                MoveFailure.Failed, $"The embedded database cannot be read: {exception.Message}", exception);
        }
        catch (NpgsqlException exception)
        {
            throw new MoveException(
                exception is PostgresException ? MoveFailure.Failed : MoveFailure.Unavailable,
                $"The PostgreSQL database has failed: {exception.Message} Repeat the command.",
                exception);
        }
    }

    private async Task<MoveReport> MoveLockedAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.DataDirectory);
        if (!File.Exists(Path.Combine(path, DatabaseFileName)))
            throw new MoveException(MoveFailure.Refused, $"There is no {DatabaseFileName} in {path}.");
        if (options.ServiceId is { Length: 0 or > MaxServiceIdLength })
            throw new MoveException(MoveFailure.Refused, "A service id has 1 to 150 characters.");
        var connectionString = GetConnectionString();

        // The service has the same lock while it runs.
        using var data = DataDirectory.Open(path);
        var secrets = ClusterSecrets.Read(options.Configuration, data, path);
        var peppers = NamedPeppers.Read(secrets.Configuration);
        if (options.SecretsDirectory is { } folder) secrets.EnsureWritable(folder);

        await using var target = await TargetDatabase.OpenAsync(connectionString, cancellationToken);
        var mark = data.Use(directory => directory.FindMoveMark());
        var report = mark is not null && await target.HasMoveAsync(mark.MoveId, cancellationToken)
            ? Complete(data, mark, secrets)
            : await MoveAsync(data, mark, secrets, peppers, connectionString, target, cancellationToken);
        if (options is { IsDryRun: false, SecretsDirectory: { } secretsFolder }) WriteSecrets(secrets, secretsFolder);
        return report;
    }

    /// <summary>An earlier move was committed, and perhaps interrupted before it had recorded that.</summary>
    private MoveReport Complete(DataDirectory data, MoveMark mark, ClusterSecrets secrets)
    {
        if (!mark.IsComplete && !options.IsDryRun) WriteMark(data, mark with { IsComplete = true });
        return new MoveReport
        {
            Outcome = MoveOutcome.AlreadyMoved,
            Database = mark.Database,
            ServiceId = mark.ServiceId,
            Settings = secrets.Reports,
        };
    }

    private async Task<MoveReport> MoveAsync(
        DataDirectory data,
        MoveMark? mark,
        ClusterSecrets secrets,
        NamedPeppers peppers,
        string connectionString,
        TargetDatabase target,
        CancellationToken cancellationToken)
    {
        EnsureMayStart(mark, data, target);
        using var source = SourceDatabase.Open(data.EnsureDatabaseFile());
        var from = FindServiceId(source);
        var to = options.ServiceId ?? from;
        var now = time.GetUtcNow();
        _totalRows = source.Count(MovedTables.States)
            + (options.IsDryRun ? 0 : 2 * MovedTables.Names.Sum(source.Count));

        EnsureKnownPepper(source.ReadSettings(), peppers);
        var states = Survey(source, new StateSurvey(peppers.Set, from, now));
        await target.EnsureOwnerAsync(cancellationToken);
        await target.EnsureEmptyAsync(source.ReadSettings(), cancellationToken);
        var report = new MoveReport
        {
            Outcome = MoveOutcome.Checked,
            Database = target.Name,
            ServiceId = to,
            Tables = [.. MovedTables.Names.Select(table => new TableReport(table, source.Count(table), Digest: null))],
            States = states,
            Settings = secrets.Reports,
        };
        if (options.IsDryRun) return report;

        await MigrateAsync(connectionString, cancellationToken);
        var newMark = new MoveMark(Guid.NewGuid().ToString("N"), target.Name, to, IsComplete: false, now);
        await using var transaction = await target.BeginAsync(cancellationToken);
        await target.LockAsync(cancellationToken);
        await target.EnsureEmptyAsync(source.ReadSettings(), cancellationToken);
        var tables = await CopyAsync(source, target, new ServiceRename(from, to, peppers.Set), cancellationToken);
        await CheckAsync(target, tables, source, new StateSurvey(peppers.Set, to, now), states, cancellationToken);
        await target.AnalyzeAsync(cancellationToken);
        await target.WriteMoveAsync(newMark.MoveId, cancellationToken);

        // From here on, the embedded service does not start: it is unknown whether the commit succeeds.
        WriteMark(data, newMark);
        await transaction.CommitAsync(CancellationToken.None);
        WriteMark(data, newMark with { IsComplete = true });
        return report with
        {
            Outcome = MoveOutcome.Moved,
            Tables = [.. tables.Select(table => new TableReport(table.Table.Name, table.Rows, table.Digest))],
        };
    }

    /// <exception cref="MoveException">The data was moved to another database.</exception>
    private static void EnsureMayStart(MoveMark? mark, DataDirectory data, TargetDatabase target)
    {
        if (mark is null) return;
        if (mark.IsComplete)
        {
            throw new MoveException(
                MoveFailure.Refused,
                $"The data was moved to the database {mark.Database} on {mark.At:u}, and {target.Name} does not have "
                + "it: it is another database, or was restored to an earlier time. To move the data again, with "
                + $"everything that has changed since, remove the file {data.MoveMarkFile}.");
        }

        if (mark.Database != target.Name)
        {
            throw new MoveException(
                MoveFailure.Refused,
                $"A move to the database {mark.Database} was interrupted, and may be complete. Repeat it with that "
                + $"database. If it is given up, drop that database, and remove the file {data.MoveMarkFile}.");
        }
    }

    private string GetConnectionString() =>
        SettingsValidation.GetMigrationsConnectionString(options.Configuration)
        ?? SettingsValidation.GetPostgresConnectionString(options.Configuration)
        ?? throw new MoveException(
            MoveFailure.Refused,
            "The PostgreSQL database is missing: set ConnectionStrings:Migrations to it, as the owner of its schema.");

    private string FindServiceId(SourceDatabase source) => source.ListServiceIds() switch
    {
        [] => options.Configuration[ServiceIdSetting] ?? DefaultServiceId,
        [var only] => only,
        var several => throw new MoveException(
            MoveFailure.Refused,
            $"The database has the data of several services ({string.Join(", ", several)}), and a cluster serves one."),
    };

    /// <summary>With other peppers, the cluster could verify nothing.</summary>
    private static void EnsureKnownPepper(IReadOnlyDictionary<string, string> settings, NamedPeppers peppers)
    {
        if (PepperRegistry.Knows(settings, peppers.Set)) return;
        throw new MoveException(
            MoveFailure.Refused,
            "The pepper is not the one that the database was written with, nor is any of Keys:Peppers. Restore it: the "
            + "file 'pepper' in the data directory, or Keys:Pepper if the service was started with that.");
    }

    private StateReport Survey(SourceDatabase source, StateSurvey survey)
    {
        foreach (var (stateName, id, payload) in Track("Verifying the states", source.ReadStates()))
            survey.Add(stateName, id, payload);
        if (survey.MissingPeppers.Count == 0) return survey.Report();
        throw new MoveException(
            MoveFailure.Refused,
            $"States depend on peppers that are missing here: {string.Join(", ", survey.MissingPeppers)}. Set all of "
            + "Keys:Peppers as for the embedded service. Its command 'pepper status' shows what depends on each.");
    }

    private async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        progress?.Report(new MoveProgress("Migrating the database", _rows, _totalRows));
        var events = SettingsValidation.Validate(
            options.Configuration.GetSection("Events").Get<EventRetentionOptions>() ?? new EventRetentionOptions());
        await SchemaMigrator.UpgradePostgreSqlAsync(
            connectionString, events.KeepFor, NullLogger.Instance, cancellationToken);
    }

    private async Task<IReadOnlyList<(MovedTable Table, long Rows, string Digest)>> CopyAsync(
        SourceDatabase source, TargetDatabase target, ServiceRename rename, CancellationToken cancellationToken)
    {
        var copied = new List<(MovedTable, long, string)>();
        await target.DisableTriggerAsync(cancellationToken);
        await target.DeleteSettingsAsync(source.ReadSettings().Keys, cancellationToken);
        foreach (var table in await target.ReadTablesAsync(source, cancellationToken))
        {
            using var digest = await target.CopyAsync(
                table, Track($"Copying {table.Name}", Rename(table)), cancellationToken);
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
    private async Task CheckAsync(
        TargetDatabase target,
        IReadOnlyList<(MovedTable Table, long Rows, string Digest)> tables,
        SourceDatabase source,
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
                Advance($"Checking {table.Name}");
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
        progress?.Report(new MoveProgress("Checking the indexes", _rows, _totalRows));
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

    /// <summary>Reports the progress of a sequence while it is read.</summary>
    private IEnumerable<T> Track<T>(string step, IEnumerable<T> rows)
    {
        foreach (var row in rows)
        {
            Advance(step);
            yield return row;
        }
    }

    private void Advance(string step)
    {
        if (_rows++ % RowsPerReport == 0) progress?.Report(new MoveProgress(step, _rows, _totalRows));
    }

    private static void WriteMark(DataDirectory data, MoveMark mark) => data.Use(directory =>
    {
        directory.WriteMoveMark(mark);
        return mark;
    });

    private static void WriteSecrets(ClusterSecrets secrets, string folder)
    {
        try
        {
            secrets.Write(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MoveException(
                MoveFailure.Failed,
                $"The data was moved, but {folder} cannot be written: {exception.Message} Repeat the command.",
                exception);
        }
    }
}

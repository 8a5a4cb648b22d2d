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
    private const int MaxServiceIdLength = 150;

    private readonly RowProgress _progress = new(progress);

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
        MoveRules.EnsureMayStart(mark, data, target);
        using var source = SourceDatabase.Open(data.EnsureDatabaseFile());
        var from = MoveRules.FindServiceId(source, options.Configuration);
        var to = options.ServiceId ?? from;
        var now = time.GetUtcNow();
        _progress.TotalRows = source.Count(MovedTables.States)
            + (options.IsDryRun ? 0 : 2 * MovedTables.Names.Sum(source.Count));

        MoveRules.EnsureKnownPepper(source.ReadSettings(), peppers);
        var copy = new DatabaseCopy(source, target, _progress);
        var states = copy.Survey(new StateSurvey(peppers.Set, from, now));
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
        var tables = await copy.CopyAsync(new ServiceRename(from, to, peppers.Set), cancellationToken);
        await copy.CheckAsync(tables, new StateSurvey(peppers.Set, to, now), states, cancellationToken);
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

    private string GetConnectionString() =>
        SettingsValidation.GetMigrationsConnectionString(options.Configuration)
        ?? SettingsValidation.GetPostgresConnectionString(options.Configuration)
        ?? throw new MoveException(
            MoveFailure.Refused,
            "The PostgreSQL database is missing: set ConnectionStrings:Migrations to it, as the owner of its schema.");

    private async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        _progress.Begin("Migrating the database");
        var events = SettingsValidation.Validate(
            options.Configuration.GetSection("Events").Get<EventRetentionOptions>() ?? new EventRetentionOptions());
        await SchemaMigrator.UpgradePostgreSqlAsync(
            connectionString, events.KeepFor, NullLogger.Instance, cancellationToken);
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

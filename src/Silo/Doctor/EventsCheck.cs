using System.Data.Common;
using System.Globalization;
using KeysCluster.Silo.Events;
using KeysCluster.Silo.Storage;

namespace KeysCluster.Silo.Doctor;

/// <summary>
/// Finds events that do not follow from each other, as after a change or deletion outside the service. The check reads
/// the latest events and some of the states.
/// </summary>
internal sealed class EventsCheck() : DatabaseCheck("events", "operations/audit.md")
{
    private const int MaxEvents = 100_000;
    private const int EventsPerRead = 10_000;
    private const int MaxStates = 10_000;

    private const string EventsSql = """
        SELECT Position, StateName, Id, Number, Revision, Type FROM KeysEvent
        WHERE ServiceId = @ServiceId AND Position < @Before
        ORDER BY Position DESC
        LIMIT @Limit
        """;

    private const string LastNumberSql = """
        SELECT Number FROM KeysEvent
        WHERE ServiceId = @ServiceId AND StateName = @StateName AND Id = @Id AND Number IS NOT NULL
        ORDER BY Position DESC
        LIMIT 1
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        DoctorContext context, KeysSiloOptions options, DbDataSource database, CancellationToken cancellationToken)
    {
        var retention = context.Configuration.GetSection("Events").Get<EventRetentionOptions>() ?? new();
        var expiredBefore = TimeProvider.System.GetUtcNow() - retention.KeepFor;
        var sequence = new EventSequence();
        await ReadEventsAsync(sequence, options.ServiceId, database, cancellationToken);
        var (states, lost) = await FindLostAsync(options.ServiceId, database, expiredBefore, cancellationToken);

        const string intrusion =
            "Treat it as an intrusion: find out who has written to the database, and compare with a backup.";
        var findings = new List<Finding>();
        Add(sequence.Altered, "States were changed or deleted outside the service", intrusion);
        Add(sequence.Gaps, "Numbers of events are missing: events were deleted", intrusion);
        Add(sequence.Repeated, "Numbers of events repeat: a state was replaced by an earlier one", intrusion);
        Add(sequence.Decreased, "Revisions decrease: a state was replaced by an earlier one", intrusion);
        Add(lost, "The last event of states is missing", intrusion);
        findings.Add(Ok($"Events read: {sequence.Events}, the latest ones. States compared with them: {states}."));
        return findings;

        void Add(IReadOnlyCollection<string> owners, string problem, string cure)
        {
            if (owners.Count == 0) return;
            var named = string.Join(", ", owners.Order(StringComparer.Ordinal).Take(5));
            findings.Add(Fail($"{problem} (virtual keys or projects: {owners.Count}).", named, cure));
        }
    }

    private static async Task ReadEventsAsync(
        EventSequence sequence, string serviceId, DbDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = long.MaxValue;
        while (sequence.Events < MaxEvents)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = EventsSql;
            command.AddParameter("@ServiceId", serviceId);
            command.AddParameter("@Before", before);
            command.AddParameter("@Limit", EventsPerRead);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var count = 0;
            for (; await reader.ReadAsync(cancellationToken); count++)
            {
                before = reader.GetInt64(0);
                long? number = reader.IsDBNull(3) ? null : reader.GetInt64(3);
                sequence.AddEarlier(
                    (reader.GetString(1), reader.GetString(2)), number, reader.GetInt64(4), reader.GetString(5));
            }

            if (count < EventsPerRead) return;
        }
    }

    private static async Task<(int States, IReadOnlyList<string> Lost)> FindLostAsync(
        string serviceId, DbDataSource database, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (states, lost) = (0, new List<string>());
        await foreach (var stored in new StoredStates(database, serviceId).ReadAsync(cancellationToken))
        {
            if (++states > MaxStates) return (MaxStates, lost);

            // Builds from before the numbers, and events that are so old that they were deleted.
            var owner = StoredJson.Parse<StoredOwner>(stored.Payload);
            if (owner is not { Id: { } id, Change: { Number: { } number } change }) continue;
            if (change.At < expiredBefore) continue;
            await using var command = connection.CreateCommand();
            command.CommandText = LastNumberSql;
            command.AddParameter("@ServiceId", serviceId);
            command.AddParameter("@StateName", stored.StateName);
            command.AddParameter("@Id", id);
            var last = await command.ExecuteScalarAsync(cancellationToken);
            if (last is null || Convert.ToInt64(last, CultureInfo.InvariantCulture) < number) lost.Add(id);
        }

        return (states, lost);
    }

    /// <summary>The part of a state that the check reads.</summary>
    private sealed record StoredOwner(string? Id, StoredChange? Change);

    private sealed record StoredChange(long? Number, DateTimeOffset? At);
}

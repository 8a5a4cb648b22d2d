using System.Collections.Concurrent;
using KeysCluster.Events;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class EventPageOnPostgresTests(PostgresFixture postgres) : EventPageTests(postgres)
{
    public static TheoryData<EventFilter> LateFilters() =>
    [
        new EventFilter(), new EventFilter { Type = "virtual_key.rotated" }, new EventFilter { Actor = "sk-lw-ABC123" },
        new EventFilter { From = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero) },
    ];

    [Theory]
    [MemberData(nameof(LateFilters))]
    public async Task An_event_that_commits_late_is_returned_once_although_a_later_one_was_read(EventFilter filter)
    {
        var reader = new EventReader(Events, filter: filter);
        await using var late = await BeginAsync();
        var lateEvent = await new EventRow().InsertAsync(late.Connection);
        var early = await new EventRow().InsertAsync(Database);
        Assert.Equal([early], await reader.ReadPageAsync());
        var next = await new EventRow().InsertAsync(Database);
        Assert.Equal([next], await reader.ReadPageAsync());

        await late.Transaction.CommitAsync();

        Assert.Equal([lateEvent], await reader.ReadPageAsync());
        Assert.Empty(await reader.ReadPageAsync());
        Assert.True(long.Parse(lateEvent, null) < long.Parse(early, null));
    }

    /// <summary>A snapshot lists only transactions with ids below the last one that has completed.</summary>
    [Fact]
    public async Task An_event_of_the_newest_transaction_that_commits_late_is_returned_once()
    {
        await using var first = await BeginAsync();
        await using var assign = new NpgsqlCommand("SELECT pg_current_xact_id()", first.Connection);
        await assign.ExecuteScalarAsync();
        await using var late = await BeginAsync();
        var lateEvent = await new EventRow().InsertAsync(late.Connection);
        var early = await new EventRow().InsertAsync(first.Connection);
        await first.Transaction.CommitAsync();

        var reader = new EventReader(Events);
        Assert.Equal([early], await reader.ReadPageAsync());
        Assert.Empty(reader.Position!.Since!.InProgress);
        await late.Transaction.CommitAsync();
        var next = await new EventRow().InsertAsync(Database);

        Assert.Equal([lateEvent, next], await reader.ReadPageAsync());
        Assert.Empty(await reader.ReadPageAsync());
    }

    [Fact]
    public async Task Late_events_and_newer_ones_are_paged_in_the_order_of_their_positions()
    {
        var reader = new EventReader(Events) { Limit = 2 };
        var expected = new List<string>();
        await using var late = await BeginAsync();
        for (var i = 0; i < 3; i++) expected.Add(await new EventRow().InsertAsync(late.Connection));
        var early = await new EventRow().InsertAsync(Database);
        Assert.Equal([early], await reader.ReadRoundAsync());
        for (var i = 0; i < 3; i++)
        {
            expected.Add(await new EventRow().InsertAsync(Database));
            expected.Add(await new EventRow().InsertAsync(late.Connection));
        }

        await late.Transaction.CommitAsync();

        Assert.Equal(expected, await reader.ReadRoundAsync());
        Assert.Empty(await reader.ReadRoundAsync());
    }

    [Fact]
    public async Task An_event_that_commits_during_a_round_is_returned_in_the_next_one()
    {
        string[] existing = [await new EventRow().InsertAsync(Database), await new EventRow().InsertAsync(Database)];
        await using var late = await BeginAsync();
        var lateEvent = await new EventRow().InsertAsync(late.Connection);
        var last = await new EventRow().InsertAsync(Database);
        var reader = new EventReader(Events) { Limit = 1 };
        Assert.Equal([existing[0]], await reader.ReadPageAsync());

        await late.Transaction.CommitAsync();

        Assert.Equal([existing[1], last], await reader.ReadRoundAsync());
        Assert.Equal([lateEvent], await reader.ReadRoundAsync());
    }

    [Fact]
    public async Task An_event_that_is_rolled_back_is_never_returned()
    {
        var reader = new EventReader(Events);
        await using (var transaction = await BeginAsync())
        {
            await new EventRow().InsertAsync(transaction.Connection);
            Assert.Empty(await reader.ReadPageAsync());
            await transaction.Transaction.RollbackAsync();
        }

        var added = await new EventRow().InsertAsync(Database);
        Assert.Equal([added], await reader.ReadPageAsync());
    }

    [Fact]
    public async Task Readers_of_overlapping_transactions_receive_each_event_once()
    {
        var committed = new ConcurrentBag<string>();
        var writers = Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                await using var open = await BeginAsync();
                var positions = new List<string>();
                for (var n = 0; n <= (writer + i) % 3; n++)
                {
                    positions.Add(await new EventRow { ActorId = $"secret_{n}" }.InsertAsync(open.Connection));
                    await Task.Yield();
                }

                if (i % 7 == 6)
                {
                    await open.Transaction.RollbackAsync();
                    continue;
                }

                await open.Transaction.CommitAsync();
                positions.ForEach(committed.Add);
            }
        })));

        EventReader[] readers =
            [new(Events) { Limit = 1 }, new(Events) { Limit = 5 }, new(Events), new(Events, project: null)];
        var read = readers.Select(_ => new List<string>()).ToArray();
        await Task.WhenAll(readers.Select((reader, index) => Task.Run(async () =>
        {
            while (!writers.IsCompleted) read[index].AddRange(await reader.ReadPageAsync());
            await writers;
            for (var round = 0; round < 2; round++) read[index].AddRange(await reader.ReadRoundAsync());
        })));

        Assert.All(read, positions => Assert.Equal(committed.Order(), positions.Order()));
    }

    [Fact]
    public async Task Only_one_silo_at_a_time_deletes_events()
    {
        await new EventRow().InsertAsync(Database);
        await using var other = await BeginAsync();
        await using var acquire = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", other.Connection);
        acquire.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 0x6B65_7973_6576_6E74 });
        await acquire.ExecuteNonQueryAsync();

        Assert.Null(await Events.DeleteAsync(DateTimeOffset.MaxValue, 10, default));
        await other.Transaction.CommitAsync();
        Assert.Equal(1, await Events.DeleteAsync(DateTimeOffset.MaxValue, 10, default));
    }

    private async Task<OpenTransaction> BeginAsync()
    {
        var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        return new OpenTransaction(connection, await connection.BeginTransactionAsync());
    }

    private sealed record OpenTransaction(NpgsqlConnection Connection, NpgsqlTransaction Transaction)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}

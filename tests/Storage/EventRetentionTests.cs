using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Silo.Events;
using KeysCluster.TestKit;
using KeysCluster.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Storage.Tests;

/// <summary>Events are deleted when they are older than <c>Events:KeepFor</c>, and not before.</summary>
public abstract class EventRetentionTests : StorageTest
{
    private const int DeletedEventId = 320;
    private const int FailedEventId = 321;

    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(400);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 12, 31, 0, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingLogger<EventRetentionService> _log = new();

    private protected EventRetentionTests()
    {
    }

    private protected EventRetentionTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task An_event_is_deleted_when_it_is_older_than_the_retention_and_not_a_millisecond_before()
    {
        var firstRun = _clock.GetUtcNow() + EventRetentionService.Period;
        var kept = await InsertAsync(firstRun - KeepFor);
        await InsertAsync(firstRun - KeepFor - TimeSpan.FromMilliseconds(1));
        using var service = await StartAsync();

        _clock.Advance(EventRetentionService.Period);
        await WaitForCountAsync(1);
        Assert.Equal(kept, await Database.QueryInt64Async("SELECT Position FROM KeysEvent"));

        _clock.Advance(EventRetentionService.Period);
        await WaitForCountAsync(0);
        await service.StopAsync(default);
        Assert.Equal(2, _log.Count(DeletedEventId));
    }

    [Fact]
    public async Task Many_old_events_are_deleted_in_batches_and_counted()
    {
        long deleted = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()
                    && instrument.Name == "keys.events.deleted")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref deleted, count));
        listener.Start();
        const int count = 2 * EventRetentionService.BatchSize + 500;
        await EventRow.InsertManyAsync(Database, count, _clock.GetUtcNow() - KeepFor);
        using var service = await StartAsync();

        _clock.Advance(EventRetentionService.Period);
        await WaitForCountAsync(count - EventRetentionService.BatchSize);
        for (var left = count - 2 * EventRetentionService.BatchSize; left >= 0; left -= 500)
        {
            // The pause begins after the batch is visible.
            await Wait.UntilAsync(async () =>
            {
                _clock.Advance(EventRetentionService.Pause);
                return await CountAsync() <= left;
            });
        }

        await WaitForCountAsync(0);
        await service.StopAsync(default);
        Assert.Equal(count, Interlocked.Read(ref deleted));
    }

    [Fact]
    public async Task Deletion_continues_after_an_outage_of_storage()
    {
        await InsertAsync(_clock.GetUtcNow() - KeepFor);
        await Database.ExecuteScalarAsync("ALTER TABLE KeysEvent RENAME TO Missing");
        using var service = await StartAsync();

        _clock.Advance(EventRetentionService.Period);
        await Wait.UntilAsync(() => _log.Count(FailedEventId) == 1);
        await Database.ExecuteScalarAsync("ALTER TABLE Missing RENAME TO KeysEvent");
        _clock.Advance(EventRetentionService.Period);

        await WaitForCountAsync(0);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_silo_deletes_nothing_while_its_clock_is_wrong()
    {
        await InsertAsync(_clock.GetUtcNow() - KeepFor);
        var compared = new CountingClock(_clock.GetUtcNow());
        var databaseClock = CreateDatabaseClock(compared);
        await databaseClock.ObserveAsync(() => Task.FromResult(
            new LogRead(new("1", "1:1:"), [], _clock.GetUtcNow() - TimeSpan.FromDays(1))));
        Assert.False(databaseClock.IsAccurate);
        using var service = await StartAsync(databaseClock);
        var reads = compared.Reads;
        _clock.Advance(EventRetentionService.Period);
        await Wait.UntilAsync(() => compared.Reads > reads);

        await databaseClock.ObserveAsync(() => Task.FromResult(
            new LogRead(new("1", "1:1:"), [], compared.GetUtcNow())));
        await InsertAsync(_clock.GetUtcNow() - KeepFor - TimeSpan.FromDays(1));
        _clock.Advance(EventRetentionService.Period);
        await WaitForCountAsync(0);
        await service.StopAsync(default);

        // Both events were deleted by the run after the clock was right again.
        Assert.Equal(1, _log.Count(DeletedEventId));
    }

    private DatabaseClock CreateDatabaseClock(TimeProvider time) => new(
        new LeaseOptions(TimeSpan.Zero, TimeSpan.Zero),
        time,
        _services.GetRequiredService<IMeterFactory>(),
        NullLogger<DatabaseClock>.Instance);

    private async Task<EventRetentionService> StartAsync(DatabaseClock? databaseClock = null)
    {
        var service = new EventRetentionService(
            Events,
            databaseClock ?? CreateDatabaseClock(_clock),
            Options.Create(new EventRetentionOptions { KeepFor = KeepFor }),
            _clock,
            _services.GetRequiredService<IMeterFactory>(),
            _log);
        await service.StartAsync(default);
        return service;
    }

    private async Task<long> InsertAsync(DateTimeOffset at) =>
        long.Parse(await new EventRow { At = UtcMillisecondJsonConverter.Format(at) }.InsertAsync(Database), null);

    private Task<long> CountAsync() => Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent");

    private Task WaitForCountAsync(long count) => Wait.UntilAsync(async () => await CountAsync() == count);

    private sealed class CountingClock(DateTimeOffset now) : FakeTimeProvider(now)
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref _reads);
            return base.GetUtcNow();
        }
    }
}

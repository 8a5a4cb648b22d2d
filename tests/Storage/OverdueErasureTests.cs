using KeysCluster.Silo.Erasures;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>The erasures that should have been done are counted by the reminders that the database stores.</summary>
public abstract class OverdueErasureTests : StorageTest
{
    private static readonly DateTimeOffset DueAt = new(2026, 11, 23, 10, 15, 0, 250, TimeSpan.Zero);

    private protected OverdueErasureTests()
    {
    }

    private protected OverdueErasureTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Erasures_that_were_due_before_a_time_are_counted_with_the_oldest_of_them()
    {
        await AddAsync("vk_1", DueAt);
        await AddAsync("vk_2", DueAt.AddMilliseconds(1));
        await AddAsync("vk_3", DueAt.AddDays(1));

        Assert.Equal(new OverdueErasures(0, null), await ReadAsync(DueAt));
        Assert.Equal(new OverdueErasures(1, DueAt), await ReadAsync(DueAt.AddMilliseconds(1)));
        Assert.Equal(new OverdueErasures(2, DueAt), await ReadAsync(DueAt.AddDays(1)));
    }

    [Fact]
    public void The_lateness_is_that_of_the_oldest_and_0_without_one()
    {
        Assert.Equal(TimeSpan.FromHours(1), new OverdueErasures(1, DueAt).GetLateness(DueAt.AddHours(1)));
        Assert.Equal(TimeSpan.Zero, new OverdueErasures(0, null).GetLateness(DueAt));
    }

    private Task<string?> AddAsync(string key, DateTimeOffset dueAt) => Reminders.UpsertRow(new ReminderEntry
    {
        GrainId = GrainId.Create("vk", key),
        ReminderName = "erase-ended-secrets",
        StartAt = dueAt.UtcDateTime,
        Period = TimeSpan.FromMinutes(1),
    });

    private Task<OverdueErasures> ReadAsync(DateTimeOffset before) =>
        new OverdueErasureQuery(Database.ServiceDataSource, ServiceId).ReadAsync(before, CancellationToken.None);
}

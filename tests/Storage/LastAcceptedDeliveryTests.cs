using KeysCluster.Grains.Deliveries;
using KeysCluster.Silo.Storage.Sqlite;
using KeysCluster.Silo.Storage.Webhooks;
using KeysCluster.TestKit;
using KeysCluster.Webhooks;

namespace KeysCluster.Storage.Tests;

/// <summary>When an endpoint has last accepted a delivery, by which a failing webhook is disabled.</summary>
public abstract class LastAcceptedDeliveryTests : StorageTest
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProjectId Project = ProjectId.New(Time);
    private static readonly WebhookId Webhook = WebhookId.New(Time);

    private protected LastAcceptedDeliveryTests()
    {
    }

    private protected LastAcceptedDeliveryTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    private PendingDeliveries Pending => new(
        Database.ServiceDataSource,
        ServiceId,
        Database.DataSource is SqliteDataSource ? WebhookDialect.Sqlite : WebhookDialect.PostgreSql);

    [Fact]
    public async Task There_is_none_before_an_endpoint_has_accepted_one()
    {
        await AddAsync("vk_1", "vk_2");
        Assert.Null(await FindAsync());
        await RecordAsync("vk_1", Time.AddMinutes(1), "timeout");
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task It_is_the_latest_one_in_whichever_order_they_were_added()
    {
        await AddAsync("vk_1", "vk_2", "vk_3");
        await RecordAsync("vk_2", Time.AddMinutes(5), null);
        Assert.Equal(Time.AddMinutes(5), await FindAsync());
        await RecordAsync("vk_1", Time.AddMinutes(9), null);
        Assert.Equal(Time.AddMinutes(9), await FindAsync());
        await RecordAsync("vk_3", Time.AddMinutes(7), null);
        Assert.Equal(Time.AddMinutes(9), await FindAsync());
    }

    [Fact]
    public async Task A_later_attempt_that_failed_does_not_count()
    {
        await AddAsync("vk_1", "vk_2");
        await RecordAsync("vk_1", Time.AddMinutes(1), null);
        await RecordAsync("vk_2", Time.AddMinutes(2), "status");
        Assert.Equal(Time.AddMinutes(1), await FindAsync());
    }

    [Fact]
    public async Task The_deliveries_of_other_webhooks_do_not_count()
    {
        await AddAsync("vk_1");
        await RecordAsync("vk_1", Time.AddMinutes(1), null);
        Assert.Null(await Pending.FindLastAcceptedAsync(Project, WebhookId.New(Time), default));
    }

    private async Task AddAsync(params string[] owners)
    {
        await Pending.TryLeadAsync("silo", TimeSpan.FromMinutes(1), default);
        NewDelivery[] deliveries =
        [
            .. owners.Select((owner, i) => new NewDelivery(
                WebhookDeliveryId.New(Time.AddSeconds(i)),
                Project,
                Webhook,
                owner,
                i,
                "virtual_key.created",
                "{}",
                Time)),
        ];
        Assert.True(await Pending.AddAsync("silo", new WebhookCursor(Time, Position: null), deliveries, default));
    }

    private async Task RecordAsync(string owner, DateTimeOffset at, string? error)
    {
        var delivery = Assert.Single(
            await Pending.ReadAsync(Webhook, afterOwner: "", limit: 10, default), pending => pending.OwnerId == owner);
        var attempt = new WebhookAttempt(at, DurationMs: 5, error is null ? 200 : 500, error);
        await Pending.RecordAsync(delivery, attempt, error is null ? null : at.AddMinutes(1), default);
    }

    private Task<DateTimeOffset?> FindAsync() => Pending.FindLastAcceptedAsync(Project, Webhook, default);
}

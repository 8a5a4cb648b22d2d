using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>Follows events in memory, with projects that a test cluster stores.</summary>
internal sealed class TestEventFollower
{
    private readonly KeysTestCluster _cluster;

    public TestEventFollower(KeysTestCluster cluster)
    {
        _cluster = cluster;
        Clock.SetUtcNow(cluster.Now);
        Cursor = new WebhookCursor(cluster.Now.AddHours(-1), Position: null);
        var services = cluster.SiloServices;
        Reader = new WebhookReader(
            cluster.Storage,
            services.GetRequiredService<PepperRing>(),
            services.GetRequiredService<MissingPepperMonitor>(),
            Clock);
        var projects = new ProjectDeliveries(Events, Deliveries, Deliveries, Reader, new DeliveryFactory(), Clock);
        Queues = new WebhookQueues(
            Deliveries,
            Deliveries,
            Reader,
            services.GetRequiredService<WebhookSender>(),
            cluster.Grains,
            services.GetRequiredService<WebhookMetrics>(),
            Clock,
            new FakeLogger<WebhookQueue>());
        Follower = new EventFollower(Events, Deliveries, projects, Queues, Clock, Logger);
        Deferred = new DeferredEventFollower(
            Events, Deliveries, projects, Queues, Clock, new FakeLogger<DeferredEventFollower>());
    }

    public TestEventLog Events { get; } = new();

    public InMemoryDeliveries Deliveries { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public FakeLogger<EventFollower> Logger { get; } = new();

    public WebhookReader Reader { get; }

    public WebhookQueues Queues { get; }

    public EventFollower Follower { get; }

    public DeferredEventFollower Deferred { get; }

    public WebhookCursor Cursor { get; private set; }

    /// <summary>Creates a project with one webhook for every type of event.</summary>
    public async Task<(GrainTestProject Project, WebhookId Webhook)> CreateProjectAsync(
        string url = "http://127.0.0.1:1/")
    {
        var project = await GrainTestProject.CreateAsync(_cluster);
        var webhook = WebhookId.New(_cluster.Now);
        var created = await project.Grain.CreateWebhook(new CreateWebhookCommand
        {
            Caller = project.AdminCaller,
            Id = webhook,
            Url = url,
            SecretId = SecretId.New(_cluster.Now),
            Secret = WebhookSecret.Mint(),
        });
        Assert.Equal(ChangeOutcome.Done, created.Outcome);
        _cluster.Clock.Advance(TestData.Millisecond);
        Clock.SetUtcNow(_cluster.Now);
        return (project, webhook);
    }

    /// <summary>Adds an event of a virtual key or a webhook, and returns its position.</summary>
    public long AddEvent(
        GrainTestProject project,
        string type = "virtual_key.updated",
        DateTimeOffset? at = null,
        WebhookId? webhook = null) =>
        Events.Add(new RecordedEvent
        {
            Position = 0,
            Type = type,
            ProjectId = project.Id.ToString(),
            VirtualKeyId = webhook is null ? VirtualKeyId.New(_cluster.Now).ToString() : null,
            Changes = webhook is null ? null : $$$"""{"webhooks.{{{webhook}}}":{"old":null,"new":null}}""",
            Revision = 1,
            ActorName = "a caller",
            At = (at ?? Clock.GetUtcNow()).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        }).Position;

    /// <summary>Disables or enables a webhook, and returns the position of the event.</summary>
    public async Task<long> SetDisabledAsync(GrainTestProject project, WebhookId webhook, bool isDisabled)
    {
        var updated = await project.Grain.UpdateWebhook(
            new UpdateWebhookCommand { Caller = project.AdminCaller, Id = webhook, IsDisabled = isDisabled });
        Assert.Equal(ChangeOutcome.Done, updated.Outcome);
        return AddEvent(project, "webhook.updated", _cluster.Now, webhook);
    }

    public async Task FollowAsync() => Cursor = (await Follower.FollowAsync("silo", Cursor, default))!;

    public async Task ContinueDeferredAsync() =>
        Cursor = (await Deferred.ContinueAsync("silo", Cursor, default))!;

    /// <summary>Continues from the stored cursor, as the next leader does.</summary>
    public void Restart() => Cursor = Deliveries.Cursor!;

    public IEnumerable<long?> GetAdded(GrainTestProject project) => Deliveries.Added
        .Where(delivery => delivery.ProjectId == project.Id)
        .Select(delivery => delivery.Position);
}

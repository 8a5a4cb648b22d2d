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
    private readonly EventFollower _follower;
    private readonly DeferredEventFollower _deferred;

    public TestEventFollower(KeysTestCluster cluster)
    {
        _cluster = cluster;
        Clock.SetUtcNow(cluster.Now);
        Cursor = new WebhookCursor(cluster.Now.AddHours(-1), Position: null);
        var services = cluster.SiloServices;
        var reader = new WebhookReader(
            cluster.Storage,
            services.GetRequiredService<PepperRing>(),
            services.GetRequiredService<MissingPepperMonitor>(),
            Clock);
        var projects = new ProjectDeliveries(Deliveries, Deliveries, reader, new DeliveryFactory(), Clock);
        var queues = new WebhookQueues(
            Deliveries,
            Deliveries,
            reader,
            services.GetRequiredService<WebhookSender>(),
            cluster.Grains,
            services.GetRequiredService<WebhookMetrics>(),
            Clock,
            new FakeLogger<WebhookQueue>());
        _follower = new EventFollower(Events, Deliveries, projects, queues, Clock, Logger);
        _deferred = new DeferredEventFollower(
            Events, Deliveries, projects, queues, Clock, new FakeLogger<DeferredEventFollower>());
    }

    public TestEventLog Events { get; } = new();

    public InMemoryDeliveries Deliveries { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public FakeLogger<EventFollower> Logger { get; } = new();

    public WebhookCursor Cursor { get; private set; }

    /// <summary>Creates a project with one webhook for every type of event.</summary>
    public async Task<(GrainTestProject Project, WebhookId Webhook)> CreateProjectAsync()
    {
        var project = await GrainTestProject.CreateAsync(_cluster);
        var webhook = WebhookId.New(_cluster.Now);
        var created = await project.Grain.CreateWebhook(new CreateWebhookCommand
        {
            Caller = project.AdminCaller,
            Id = webhook,
            Url = "http://127.0.0.1:1/",
            SecretId = SecretId.New(_cluster.Now),
            Secret = WebhookSecret.Mint(),
        });
        Assert.Equal(ChangeOutcome.Done, created.Outcome);
        return (project, webhook);
    }

    /// <summary>Adds an event of a virtual key, and returns its position.</summary>
    public long AddEvent(GrainTestProject project, string type = "virtual_key.updated", DateTimeOffset? at = null) =>
        Events.Add(new RecordedEvent
        {
            Position = 0,
            Type = type,
            ProjectId = project.Id.ToString(),
            VirtualKeyId = type.StartsWith("webhook.", StringComparison.Ordinal)
                ? null
                : VirtualKeyId.New(_cluster.Now).ToString(),
            Revision = 1,
            ActorName = "a caller",
            At = (at ?? Clock.GetUtcNow()).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        }).Position;

    public async Task FollowAsync() => Cursor = (await _follower.FollowAsync("silo", Cursor, default))!;

    public async Task ContinueDeferredAsync() =>
        Cursor = (await _deferred.ContinueAsync("silo", Cursor, default))!;

    /// <summary>Continues from the stored cursor, as the next leader does.</summary>
    public void Restart() => Cursor = Deliveries.Cursor!;

    public IEnumerable<long?> GetAdded(GrainTestProject project) => Deliveries.Added
        .Where(delivery => delivery.ProjectId == project.Id)
        .Select(delivery => delivery.Position);
}

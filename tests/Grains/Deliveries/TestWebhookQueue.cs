using System.Text.Json;
using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using KeysCluster.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>
/// The queue of a webhook of a test cluster, whose deliveries are in memory and are posted to a real endpoint. Time
/// passes only while the queue waits.
/// </summary>
internal sealed class TestWebhookQueue : IDisposable
{
    private readonly GrainTestProject _project;
    private readonly WebhookSender _sender;
    private readonly CancellationTokenSource _stopping = new();

    private TestWebhookQueue(KeysTestCluster cluster, GrainTestProject project)
    {
        _project = project;
        Id = WebhookId.New(cluster.Now);
        _sender = new WebhookSender(
            new WebhookConnector(WebhookUrlRulesTests.CreateRules(allowPrivate: true), new DnsResolver()), Clock);
        var services = cluster.SiloServices;
        Queue = new WebhookQueue(
            project.Id,
            Id,
            Deliveries,
            Deliveries,
            services.GetRequiredService<WebhookReader>(),
            _sender,
            cluster.Grains,
            services.GetRequiredService<WebhookMetrics>(),
            Clock,
            NullLogger.Instance);
    }

    public WebhookId Id { get; }

    public WebhookQueue Queue { get; }

    public WebhookReceiver Receiver { get; } = new();

    public InMemoryDeliveries Deliveries { get; } = new();

    public TimerObservingClock Clock { get; } = new();

    public static async Task<TestWebhookQueue> CreateAsync(KeysTestCluster cluster)
    {
        var project = await GrainTestProject.CreateAsync(cluster);
        var queue = new TestWebhookQueue(cluster, project);
        var created = await project.Grain.CreateWebhook(new CreateWebhookCommand
        {
            Caller = project.AdminCaller,
            Id = queue.Id,
            Url = queue.Receiver.Url,
            SecretId = SecretId.New(cluster.Now),
            Secret = WebhookSecret.Mint(),
        });
        Assert.Equal(ChangeOutcome.Done, created.Outcome);
        return queue;
    }

    /// <summary>Adds a delivery of a virtual key that is due now.</summary>
    public void Add(string key, int revision = 1, DateTimeOffset? failingSince = null) => Deliveries.Add(
        key,
        JsonSerializer.Serialize(new { type = "virtual_key.updated", data = new { virtual_key_id = key, revision } }),
        Clock.GetUtcNow(),
        failingSince);

    /// <summary>Starts the queue. It ends when nothing is pending, or by <see cref="Dispose"/>.</summary>
    public Task StartAsync() => Task.Run(() => Queue.RunAsync(_stopping.Token));

    /// <summary>Starts the queue, and advances the clock until nothing is pending.</summary>
    public Task RunAsync() => Clock.AdvanceUntilAsync(StartAsync());

    /// <summary>Advances the clock until so many attempts were recorded.</summary>
    public Task AdvanceUntilAsync(int attempts) => AdvanceUntilAsync(() => Deliveries.Attempts.Count >= attempts);

    /// <summary>Advances the clock until a condition is met after an attempt.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition)
    {
        var isMet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Deliveries.Recorded = () =>
        {
            if (condition()) isMet.TrySetResult();
        };
        if (condition()) isMet.TrySetResult();
        await Clock.AdvanceUntilAsync(isMet.Task);
        Deliveries.Recorded = () => { };
    }

    public async Task<Webhook> GetAsync() => Assert.Single((await _project.GetAsync()).Webhooks);

    public Task DeleteAsync() => _project.Grain.DeleteWebhook(_project.AdminCaller, Id);

    public Task SetDisabledAsync(bool isDisabled) => _project.Grain.UpdateWebhook(
        new UpdateWebhookCommand { Caller = _project.AdminCaller, Id = Id, IsDisabled = isDisabled });

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _sender.Dispose();
        Receiver.Dispose();
    }
}

using KeysCluster.Benchmarks.Http;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>A flood, and how long its rounds are.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Description">The description for people.</param>
/// <param name="RoundDuration">The duration of a round.</param>
/// <param name="Create">Creates the flood.</param>
/// <param name="Control">
/// Whether the flood only shows the cost of the generator and of the server's HTTP, on the same processor cores.
/// </param>
internal sealed record FloodKind(
    string Name, string Description, TimeSpan RoundDuration, Func<FloodTarget, IFlood> Create, bool Control = false)
{
    /// <summary>The number of unknown secrets, in all rounds.</summary>
    private const int UnknownSecrets = 1_000_000;

    private const int UnpacedConnections = 16;
    private const int PacedConnections = 10;

    private static readonly TimeSpan PacedDuration = TimeSpan.FromSeconds(2);

    /// <summary>Long enough for the server to close connections whose headers are late.</summary>
    private static readonly TimeSpan SlowDuration = TimeSpan.FromSeconds(12);

    public static IReadOnlyList<FloodKind> All { get; } =
    [
        new("bad_api_keys", "1,000 calls of `verify` per second, each with another API key that does not exist",
            PacedDuration,
            target => new RequestFlood(
                target.Port,
                PacedConnections,
                () => PreparedRequest.VerifyWithApiKeys(MintApiKey, MintSecret()),
                1_000)),
        new("slow_connections", "500 connections that send a byte of a header per second",
            SlowDuration, target => new SlowConnectionFlood(target.Port, 500)),
        new("readiness", "5,000 calls of `/health/ready` per second",
            PacedDuration, target => CreateGets(target, "/health/ready", 5_000)),
        new("live_control", "5,000 calls of `/health/live` per second",
            PacedDuration, target => CreateGets(target, "/health/live", 5_000), Control: true),
        new("openapi", "100 calls of `/openapi/v1.json` per second",
            PacedDuration, target => CreateGets(target, "/openapi/v1.json", 100)),
        new("unknown_secrets",
            $"5,000 calls of `verify` per second, {UnknownSecrets:N0} in all rounds, each with another secret that "
            + "does not exist",
            TimeSpan.FromSeconds(UnknownSecrets / 5_000.0 / RestFloodRounds.Count),
            target => CreateUnknownSecrets(target, PacedConnections, 5_000)),
        new("unknown_secrets_unpaced",
            $"the same as fast as {UnpacedConnections} connections permit",
            PacedDuration,
            target => CreateUnknownSecrets(target, UnpacedConnections, perSecond: null)),
        new("live_unpaced_control", $"calls of `/health/live` on {UnpacedConnections} connections",
            PacedDuration,
            target => new RequestFlood(
                target.Port, UnpacedConnections, () => PreparedRequest.Get("/health/live"), perSecond: null),
            Control: true),
    ];

    private static RequestFlood CreateUnknownSecrets(FloodTarget target, int connections, int? perSecond) =>
        new(target.Port, connections, () => PreparedRequest.VerifySecrets(target.ApiKey, MintSecret), perSecond);

    private static RequestFlood CreateGets(FloodTarget target, string path, int perSecond) =>
        new(target.Port, PacedConnections, () => PreparedRequest.Get(path), perSecond);

    private static string MintApiKey() =>
        ProjectApiKey.Mint(ProjectId.New(TimeProvider.System.GetUtcNow())).Reveal();

    private static string MintSecret() => VirtualKeySecret.Mint(
        VirtualKeyId.New(TimeProvider.System.GetUtcNow()), VirtualKeyEnvironment.Live).Reveal();
}

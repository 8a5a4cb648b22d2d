using System.Data.Common;
using KeysCluster.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A topology whose storage outlives its processes.</summary>
internal sealed class TestTopology : IAsyncDisposable
{
    private readonly EmbeddedService? _embedded;
    private readonly ClusterService? _cluster;

    private TestTopology(EmbeddedService embedded) => _embedded = embedded;

    private TestTopology(ClusterService cluster) => _cluster = cluster;

    public string AdminKey => _embedded?.AdminKey ?? _cluster!.AdminKey;

    public static async Task<TestTopology> CreateAsync(TopologyKind kind, PostgresFixture postgres) =>
        kind == TopologyKind.Embedded
            ? new TestTopology(new EmbeddedService())
            : new TestTopology(await postgres.CreateClusterAsync());

    public Task<ServiceProcess> StartAsync(IReadOnlyDictionary<string, string>? environment = null) =>
        _embedded?.StartAsync(environment) ?? _cluster!.StartSiloAsync(environment: environment);

    /// <summary>Returns the API key of a project. In a cluster, each call creates a project.</summary>
    public async Task<string> GetApiKeyAsync(ServiceProcess process) =>
        _embedded?.ApiKey ?? await _cluster!.CreateProjectAsync(process);

    public DbConnection CreateConnection() => _embedded is null
        ? new NpgsqlConnection(_cluster!.ConnectionString)
        : new SqliteConnection($"Data Source={_embedded.DatabaseFile};Pooling=false");

    /// <summary>Returns the settings of a process, as environment variables.</summary>
    public Dictionary<string, string?> CreateEnvironment() =>
        (_embedded?.CreateSettings() ?? _cluster!.CreateSettings()).ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            string? (setting) => setting.Value);

    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}

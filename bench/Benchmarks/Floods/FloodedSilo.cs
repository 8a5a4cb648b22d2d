using System.Diagnostics;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>An embedded silo in another process, with the default limits and two projects.</summary>
internal sealed class FloodedSilo : IAsyncDisposable
{
    private readonly EmbeddedService _service;
    private readonly ServiceProcess _process;
    private readonly Process _counters;

    private FloodedSilo(EmbeddedService service, ServiceProcess process, MeasuredClient client, FloodTarget target)
    {
        (_service, _process, Client, Target) = (service, process, client, target);
        _counters = Process.GetProcessById(process.Id);
    }

    /// <summary>The client whose calls are measured.</summary>
    public MeasuredClient Client { get; }

    /// <summary>The other project, with which the floods are sent.</summary>
    public FloodTarget Target { get; }

    /// <summary>The processor time of the silo since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _counters.Refresh();
            return _counters.TotalProcessorTime;
        }
    }

    public static async Task<FloodedSilo> StartAsync()
    {
        var service = new EmbeddedService();
        ServiceProcess? process = null;
        try
        {
            // The limits that the service lifts for tests stay in force.
            var settings = service.CreateSettings()
                .Where(setting => !setting.Key.StartsWith("Api:", StringComparison.Ordinal))
                .ToDictionary();
            process = await ServiceProcess.StartAsync("Silo", settings);
            using var admin = process.CreateClient(service.AdminKey);
            var (_, apiKey) = await admin.CreateProjectAsync("measured");
            var (_, otherApiKey) = await admin.CreateProjectAsync("flooding");
            using var client = process.CreateClient(apiKey);
            var (_, secret) = await client.CreateAsync();
            var port = process.Address.Port;
            return new FloodedSilo(
                service, process, new MeasuredClient(port, apiKey, secret), new FloodTarget(port, otherApiKey));
        }
        catch
        {
            if (process is not null) await process.DisposeAsync();
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _counters.Dispose();
        await _process.DisposeAsync();
        await _service.DisposeAsync();
    }
}

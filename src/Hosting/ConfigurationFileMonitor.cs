using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Hosting;

/// <summary>
/// Logs an <c>appsettings.json</c> that is malformed when it changes. Otherwise nobody would notice that it was not
/// applied: the watcher of files discards the exception.
/// </summary>
internal sealed partial class ConfigurationFileMonitor(
    IConfiguration configuration, ILogger<ConfigurationFileMonitor> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var provider in ((IConfigurationRoot)configuration).Providers.OfType<FileConfigurationProvider>())
            provider.Source.OnLoadException = Report;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does not log the exception, which may quote the file.</summary>
    private void Report(FileLoadExceptionContext context) =>
        LogMalformedFile(logger, context.Provider.Source.Path);
}

using KeysCluster.Api.Hosting;
using KeysCluster.Silo.Embedded;
using KeysCluster.Silo.Hosting;

namespace KeysCluster.Silo;

/// <summary>The node's life from its arguments to its exit code.</summary>
internal static class KeysNode
{
    /// <summary>Runs until it is asked to stop.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">What a test adds to the composition.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.AddHostDefaults();
            var settings = SiloSettings.Read(builder.Configuration);

            using var data = settings.IsCluster ? null : DataDirectory.Open(settings.DataDirectory);
            builder.AddKeysSilo(settings, data);
            builder.AddKeysApi(settings.IsCluster ? KeysApi.DrainDelay : TimeSpan.Zero);
            builder.AddSiloTelemetry();
            configure?.Invoke(builder);

            await using var app = builder.Build();
            app.MapKeysApi();
            await app.PrepareStorage();
            await app.StartOrStop();
            if (data is not null) await FirstStart.Run(app, data);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while starting.
            return 0;
        }
        catch (Exception exception)
        {
            return StartupFailure.Report(exception);
        }
    }
}

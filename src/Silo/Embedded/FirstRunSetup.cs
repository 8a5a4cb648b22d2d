using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Silo.Embedded;

/// <summary>
/// Creates the first project, writes its API key to a file, and prints a first call. It does nothing once there is a
/// project.
/// </summary>
internal static class FirstRunSetup
{
    public static async Task RunAsync(WebApplication app, DataDirectory data)
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var projects = grains.GetGrain<IProjectListGrain>(0);
        if ((await projects.List(page: 1, limit: 1)).Total > 0) return;
        if ((await projects.ListArchived(page: 1, limit: 1)).Total > 0) return;

        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = ProjectId.New(now);
        var apiKey = ProjectApiKey.Mint(id);
        await grains.GetProjectGrain(id)
            .Create(new CreateProjectCommand("default", NewSecret.From(apiKey, now), "first start"));

        var file = data.WriteApiKey(apiKey.Reveal());
        var address = app.Urls.First();

        // Standard output that is not a terminal may be a log, which others read.
        var shown = Console.IsOutputRedirected ? "" : $" ({apiKey.Reveal()})";
        Console.WriteLine($"""

            KeysCluster is running at {address} (docs: {address}/docs).

              Admin key        in the file {data.AdminKeyFile}
              Project          default ({id})
              Project API key  in the file {file}{shown}

            Create a virtual key:

              curl -X POST {address}/api/gateway/v1/virtual-keys \
                -H "Authorization: Bearer $(cat '{file}')" \
                -H 'Content-Type: application/json' \
                -d '{"{"}"name": "my first key"{"}"}'

            """);
    }
}

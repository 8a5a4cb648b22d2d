using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Silo.Embedded;

/// <summary>Makes the first project, and tells a person how to go on. Happens once in a data directory's life.</summary>
internal static class FirstStart
{
    public static async Task Run(WebApplication app, DataDirectory data)
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var projects = await grains.GetGrain<IProjectListGrain>(0).List(page: 1, limit: 1);
        if (projects.Total > 0) return;

        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = ProjectId.New(now);
        var apiKey = ProjectApiKey.Mint(id);
        await grains.GetProject(id)
            .Create(new CreateProject("default", NewSecret.Of(apiKey, now), "first start"));

        var address = app.Urls.First();
        Console.WriteLine($"""

            KeysCluster is running at {address} (docs: {address}/docs).

              Admin key        in the file {data.AdminKeyFile}
              Project          default ({id})
              Project API key  {apiKey.Reveal()}
                               Shown this once. The admin key can rotate it.

            Create a virtual key:

              curl -X POST {address}/api/gateway/v1/virtual-keys \
                -H 'Authorization: Bearer {apiKey.Reveal()}' \
                -H 'Content-Type: application/json' \
                -d '{"{"}"name": "my first key"{"}"}'

            """);
    }
}

using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class ProjectCrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string CreateBody = """{"name":"a project"}""";
    private const string RotateBody = """{"grace_period_seconds":3600}""";

    [Theory, InlineData(TopologyKind.Embedded), InlineData(TopologyKind.Cluster)]
    public async Task Acknowledged_project_changes_survive_kill_9_after_each_change(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        ApiResponse created = null!, rotated = null!;
        string id = "", replacedKey = "", currentKey = "";

        await RunStepAsync([], async admin =>
        {
            created = await admin.PostIdempotentAsync("create-the-project", Routes.Projects, CreateBody);
            created.EnsureStatus(HttpStatusCode.Created);
            (id, replacedKey) = (ReadProjectId(created), ReadApiKey(created));
        });
        await RunStepAsync([], async admin =>
        {
            var replay = await admin.PostIdempotentAsync("create-the-project", Routes.Projects, CreateBody);
            Assert.Equal(created.Body, replay.Body);

            rotated = await admin.PostIdempotentAsync("rotate-its-api-key", Routes.RotateApiKey(id), RotateBody);
            rotated.EnsureStatus(HttpStatusCode.OK);
            currentKey = ReadApiKey(rotated);
        });
        await RunStepAsync([replacedKey, currentKey], async admin =>
        {
            var replay = await admin.PostIdempotentAsync("rotate-its-api-key", Routes.RotateApiKey(id), RotateBody);
            Assert.Equal(ReadApiKey(rotated), ReadApiKey(replay));

            var deadline = TimeProvider.System.GetUtcNow().AddDays(7);
            var changed = await admin.SendAsync(
                HttpMethod.Patch,
                Routes.RetiringApiKey(id, ReadRetiringApiKeyId(rotated)),
                new { valid_until = deadline });
            changed.EnsureStatus(HttpStatusCode.OK);
        });
        await RunStepAsync([replacedKey, currentKey], async admin =>
        {
            var expired = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(id));
            expired.EnsureStatus(HttpStatusCode.OK);
        });
        await RunStepAsync([currentKey], async admin =>
        {
            using var client = new KeysClient(admin.Http.BaseAddress!, replacedKey);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.ListAsync()).Status);
        });

        // Starts a process, checks that API keys are valid, makes a change, and kills the process.
        async Task RunStepAsync(string[] validKeys, Func<KeysClient, Task> change)
        {
            await using var process = await topology.StartAsync();
            foreach (var apiKey in validKeys)
            {
                using var client = process.CreateClient(apiKey);
                (await client.ListAsync()).EnsureStatus(HttpStatusCode.OK);
            }

            using var admin = process.CreateClient(topology.AdminKey);
            await change(admin);
            await process.KillAsync();
        }
    }

    private static string ReadProjectId(ApiResponse response) =>
        response.Json.GetProperty("project").GetProperty("id").GetString()!;

    private static string ReadApiKey(ApiResponse response) => response.Json.GetProperty("api_key").GetString()!;

    private static string ReadRetiringApiKeyId(ApiResponse response) =>
        response.Json.GetProperty("project").GetProperty("retiring_api_keys")[0].GetProperty("id").GetString()!;
}

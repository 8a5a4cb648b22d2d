using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A project and its API keys, with a crash after each change.</summary>
public sealed class ProjectCrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Projects = "/api/projects";

    [Fact]
    public async Task Acknowledged_project_changes_survive_kill_9_after_each_change_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await CrashAfterEachChangeAsync(() => service.StartAsync(), () => service.AdminKey);
    }

    [Fact]
    public async Task Acknowledged_project_changes_survive_kill_9_after_each_change_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await CrashAfterEachChangeAsync(() => cluster.StartSiloAsync(), () => cluster.AdminKey);
    }

    private static async Task CrashAfterEachChangeAsync(Func<Task<ServiceProcess>> start, Func<string> adminKey)
    {
        ApiResponse created = null!, rotated = null!;
        string project = "", first = "", second = "";
        await Step(async admin =>
        {
            created = await admin.PostIdempotentAsync("create", Projects, """{"name":"a project"}""");
            created.EnsureStatus(HttpStatusCode.Created);
            (project, first) = ($"{Projects}/{GetProjectId(created)}", GetApiKey(created));
        });
        await Step(async admin =>
        {
            Assert.Equal(created.Body, (await admin.PostIdempotentAsync("create", Projects, """{"name":"a project"}""")).Body);
            rotated = await admin.PostIdempotentAsync("rotate", $"{project}/rotate-api-key", """{"grace_period_seconds":3600}""");
            rotated.EnsureStatus(HttpStatusCode.OK);
            second = GetApiKey(rotated);
        });
        await Step(async admin =>
        {
            Assert.Equal(rotated.Body,
                (await admin.PostIdempotentAsync("rotate", $"{project}/rotate-api-key", """{"grace_period_seconds":3600}""")).Body);
            var moved = await admin.SendAsync(HttpMethod.Patch, $"{project}/retiring-api-keys/{GetRetiringApiKeyId(rotated)}",
                new { valid_until = TimeProvider.System.GetUtcNow().AddDays(7) });
            moved.EnsureStatus(HttpStatusCode.OK);
        }, first, second);
        await Step(
            async admin => (await admin.SendAsync(HttpMethod.Delete, $"{project}/retiring-api-keys")).EnsureStatus(HttpStatusCode.OK),
            first, second);
        await Step(_ => Task.CompletedTask, second);
        await Step(async admin =>
        {
            using var cut = new KeysClient(admin.Http.BaseAddress!, first);
            Assert.Equal(HttpStatusCode.Unauthorized, (await cut.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys")).Status);
        });

        // Starts a process, checks the API keys that work, makes a change, and kills the process.
        async Task Step(Func<KeysClient, Task> change, params string[] working)
        {
            await using var process = await start();
            foreach (var apiKey in working)
            {
                using var client = process.CreateClient(apiKey);
                (await client.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys")).EnsureStatus(HttpStatusCode.OK);
            }

            using var admin = process.CreateClient(adminKey());
            await change(admin);
            await process.KillAsync();
        }
    }

    private static string GetProjectId(ApiResponse answer) => answer.Json.GetProperty("project").GetProperty("id").GetString()!;

    private static string GetApiKey(ApiResponse answer) => answer.Json.GetProperty("api_key").GetString()!;

    private static string GetRetiringApiKeyId(ApiResponse answer)
    {
        JsonElement project = answer.Json.GetProperty("project");
        return project.GetProperty("retiring_api_keys")[0].GetProperty("id").GetString()!;
    }
}

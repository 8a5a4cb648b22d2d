using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>A project and its API keys, with a crash after each change.</summary>
public sealed class ProjectCrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Projects = "/api/projects";

    [Fact]
    public async Task After_kill_9_behind_each_change_of_a_project_all_that_was_acknowledged_stands_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await CrashBehindEachChange(() => service.StartAsync(), () => service.AdminKey);
    }

    [Fact]
    public async Task After_kill_9_behind_each_change_of_a_project_all_that_was_acknowledged_stands_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await CrashBehindEachChange(() => cluster.StartSiloAsync(), () => cluster.AdminKey);
    }

    private static async Task CrashBehindEachChange(Func<Task<ServiceProcess>> start, Func<string> adminKey)
    {
        Answer created = null!, rotated = null!;
        string project = "", first = "", second = "";
        await Step(async admin =>
        {
            created = await admin.PostOnceAsync("create", Projects, """{"name":"a project"}""");
            created.Expect(HttpStatusCode.Created);
            (project, first) = ($"{Projects}/{IdOf(created)}", ApiKeyOf(created));
        });
        await Step(async admin =>
        {
            Assert.Equal(created.Body, (await admin.PostOnceAsync("create", Projects, """{"name":"a project"}""")).Body);
            rotated = await admin.PostOnceAsync("rotate", $"{project}/rotate-api-key", """{"grace_period_seconds":3600}""");
            rotated.Expect(HttpStatusCode.OK);
            second = ApiKeyOf(rotated);
        });
        await Step(async admin =>
        {
            Assert.Equal(rotated.Body,
                (await admin.PostOnceAsync("rotate", $"{project}/rotate-api-key", """{"grace_period_seconds":3600}""")).Body);
            var moved = await admin.SendAsync(HttpMethod.Patch, $"{project}/retiring-api-keys/{RetiringOf(rotated)}",
                new { valid_until = TimeProvider.System.GetUtcNow().AddDays(7) });
            moved.Expect(HttpStatusCode.OK);
        }, first, second);
        await Step(
            async admin => (await admin.SendAsync(HttpMethod.Delete, $"{project}/retiring-api-keys")).Expect(HttpStatusCode.OK),
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
                (await client.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys")).Expect(HttpStatusCode.OK);
            }

            using var admin = process.CreateClient(adminKey());
            await change(admin);
            await process.KillAsync();
        }
    }

    private static string IdOf(Answer answer) => answer.Json.GetProperty("project").GetProperty("id").GetString()!;

    private static string ApiKeyOf(Answer answer) => answer.Json.GetProperty("api_key").GetString()!;

    private static string RetiringOf(Answer answer)
    {
        JsonElement project = answer.Json.GetProperty("project");
        return project.GetProperty("retiring_api_keys")[0].GetProperty("id").GetString()!;
    }
}

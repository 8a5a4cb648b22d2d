using System.Net;
using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Security;

/// <summary>A state that was altered in the database is a fault, and never a verdict.</summary>
public sealed class AlteredKeyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, string> NotRequired = new() { ["Keys__RequireStateMac"] = "false" };

    [Theory, InlineData(TopologyKind.Embedded), InlineData(TopologyKind.Cluster)]
    public async Task An_altered_key_is_unavailable_and_reported_and_others_are_not(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        (string Id, string Secret) revoked, given, copied, stripped, untouched;
        string apiKey, project, otherProject;
        await using (var process = await topology.StartAsync())
        {
            apiKey = await topology.GetApiKeyAsync(process);
            using var client = process.CreateClient(apiKey);
            using var admin = process.CreateClient(topology.AdminKey);
            (otherProject, _) = await admin.CreateProjectAsync();
            (revoked, given, copied) = (
                await client.CreateAsync(), await client.CreateAsync(), await client.CreateAsync());
            (stripped, untouched) = (await client.CreateAsync(), await client.CreateAsync());
            (await client.RevokeAsync(revoked.Id)).EnsureStatus(HttpStatusCode.OK);
            project = (await client.GetAsync(untouched.Id)).Json.GetProperty("virtual_key")
                .GetProperty("project_id").GetString()!;
            await process.StopAsync();
        }

        await AlterAsync(topology, revoked.Id, state => Replace(state, "\"revoked_at\":", "\"revoked_to\":"));
        await AlterAsync(topology, given.Id, state => Replace(state, project, otherProject));
        var other = await ReadAsync(topology, untouched.Id);
        await AlterAsync(topology, copied.Id, _ => other);
        await AlterAsync(topology, stripped.Id, RemoveMac);

        await using var restarted = await topology.StartAsync();
        using var reader = restarted.CreateClient(apiKey);
        foreach (var (id, secret) in new[] { revoked, given, copied, stripped })
        {
            var verdict = await reader.SendVerifyAsync(secret);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, verdict.Status);
            Assert.Equal("validation_unavailable", verdict.ErrorCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await reader.GetAsync(id)).Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await reader.RevokeAsync(id)).Status);
        }

        Assert.Equal("active", await reader.VerifyAsync(untouched.Secret));
        (await reader.GetAsync(untouched.Id)).EnsureStatus(HttpStatusCode.OK);
        var list = (await reader.ListAsync()).Body;
        Assert.Contains(untouched.Id, list, StringComparison.Ordinal);
        foreach (var id in new[] { revoked.Id, given.Id, copied.Id })
            Assert.DoesNotContain(id, list, StringComparison.Ordinal);
        await restarted.WaitForOutputAsync("is not one that the service has written");
    }

    [Theory, InlineData(TopologyKind.Embedded), InlineData(TopologyKind.Cluster)]
    public async Task States_without_a_MAC_are_unavailable_unless_permitted_and_the_command_adds_it(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        string apiKey, id, secret;
        await using (var process = await topology.StartAsync())
        {
            apiKey = await topology.GetApiKeyAsync(process);
            using var client = process.CreateClient(apiKey);
            (id, secret) = await client.CreateAsync();
            await process.StopAsync();
        }

        await AlterAsync(topology, id, RemoveMac);
        await using (var process = await topology.StartAsync(NotRequired))
        {
            using var client = process.CreateClient(apiKey);
            (await client.GetAsync(id)).EnsureStatus(HttpStatusCode.OK);
            await process.StopAsync();
        }

        await using (var process = await topology.StartAsync())
        {
            using var client = process.CreateClient(apiKey);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync(id)).Status);

            // While the silo serves.
            var output = await ProgramRunner.RunSuccessfullyAsync(
                "dotnet",
                [Repository.GetProgramPath("Silo"), "authenticate-states"],
                topology.CreateEnvironment());
            Assert.Contains("States that now have a MAC: 1.", output, StringComparison.Ordinal);

            Assert.Equal("active", await client.VerifyWithRetryAsync(secret));
            (await client.GetAsync(id)).EnsureStatus(HttpStatusCode.OK);
            (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);

            // Nor is the command an event.
            var types = (await client.SendAsync(HttpMethod.Get, Routes.Events)).Json.GetProperty("data")
                .EnumerateArray().Select(item => item.GetProperty("type").GetString()).ToList();
            Assert.DoesNotContain("virtual_key.altered", types);
        }

        await AlterAsync(topology, id, state => Replace(state, "\"revoked_at\":", "\"revoked_to\":"));
        var environment = topology.CreateEnvironment();
        environment["Keys__Peppers__next"] = Convert.ToBase64String(new byte[32]);
        environment["Keys__CurrentPepper"] = "next";
        var (exitCode, refused) = await ProgramRunner.RunAsync(
            "dotnet", [Repository.GetProgramPath("Silo"), "authenticate-states"], environment);
        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"These states have an invalid MAC and remain as they are: {id}.", refused, StringComparison.Ordinal);
    }

    private static string Replace(string state, string text, string replacement)
    {
        Assert.Contains(text, state, StringComparison.Ordinal);
        return state.Replace(text, replacement, StringComparison.Ordinal);
    }

    private static string RemoveMac(string state)
    {
        Assert.StartsWith("{\"mac\":", state, StringComparison.Ordinal);
        return "{" + state[(state.IndexOf(',', StringComparison.Ordinal) + 1)..];
    }

    private static async Task<string> ReadAsync(TestTopology topology, string id)
    {
        await using var connection = topology.CreateConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT PayloadBinary FROM OrleansStorage WHERE GrainIdExtensionString = '{id}'";
        return Encoding.UTF8.GetString((byte[])(await command.ExecuteScalarAsync())!);
    }

    /// <summary>Writes a state as the service does, with the next version.</summary>
    private static async Task AlterAsync(TestTopology topology, string id, Func<string, string> alter)
    {
        var state = alter(await ReadAsync(topology, id));
        await using var connection = topology.CreateConnection();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE OrleansStorage SET PayloadBinary = @Payload, Version = Version + 1 "
            + $"WHERE GrainIdExtensionString = '{id}'";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@Payload", Encoding.UTF8.GetBytes(state));
        command.Parameters.Add(parameter);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}

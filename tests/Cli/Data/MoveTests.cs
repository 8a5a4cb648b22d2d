using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>A cluster continues where an embedded service has stopped.</summary>
[Trait("Speed", "slow")]
[Trait("Requires", "PostgreSQL")]
public sealed class MoveTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string IdempotencyKey = "a-key-of-sixteen-characters";

    private const string CreateJson = """{"name":"idempotent"}""";

    private const string Ended = "expired_secret or not_found";

    /// <summary>Longer than the move, and shorter than the test.</summary>
    private static readonly TimeSpan ShortGrace = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Everything_that_an_embedded_service_had_is_in_the_cluster()
    {
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(_ => HttpStatusCode.InternalServerError);
        using var cli = new CommandLine();
        await using var embedded = new EmbeddedService();
        var target = await MoveTarget.CreateAsync(postgres.Server, cli);
        Contents before;
        MovedKeys keys;
        await using (var process = await embedded.StartAsync())
        {
            keys = await MovedKeys.CreateAsync(process, embedded.ApiKey, embedded.AdminKey, receiver.Url, ShortGrace);
            before = await Contents.ReadAsync(process, keys, embedded.AdminKey);
            await process.StopAsync();
        }

        var result = (await cli.RunAsync(
            "move", "--data-directory", embedded.DataDirectory, "--connection-file", target.File,
            "--secrets-directory", cli.GetPath("secrets"), "--yes", "--json")).Expect(ExitCodes.Success);
        Snapshot.AssertJsonMatches(Path.Combine("json", "move.json"), Mask(result.Output));
        Assert.DoesNotContain(
            (await File.ReadAllTextAsync(Path.Combine(embedded.DataDirectory, "pepper"))).Trim(), result.Text,
            StringComparison.Ordinal);

        await using var silo = await target.StartSiloAsync(cli.GetPath("secrets"));
        var after = await Contents.ReadAsync(silo, keys, embedded.AdminKey);
        Assert.Equal(string.Join('\n', before.Verdicts), string.Join('\n', after.Verdicts));
        Assert.Equal(
            ["active", "disabled", "expired", Ended, "OK", "retiring", "revoked", "Unauthorized"],
            after.Verdicts.Values.Distinct().Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(before.Lists, after.Lists);

        // The silo may have announced deadlines meanwhile. PostgreSQL orders the members of changes.
        Assert.True(after.Events.Count >= before.Events.Count);
        foreach (var (old, moved) in before.Events.Zip(after.Events))
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(old), JsonNode.Parse(moved)), $"{old}\n{moved}");
        await CheckIdempotencyAsync(silo, keys);
        await CheckWebhookAsync(silo, keys, receiver);
        await CheckNextEventAsync(silo, keys, before);
        await CheckErasureAsync(silo, keys, target);

        // A second service would accept what the cluster has revoked.
        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", embedded.CreateSettings());
        Assert.Equal(1, exitCode);
        Assert.Contains("was moved to the PostgreSQL database", output, StringComparison.Ordinal);
        var second = await cli.RunAsync(
            "move", "--data-directory", embedded.DataDirectory, "--connection-file", target.File, "--yes", "--json");
        Assert.Equal("already_moved", second.Expect(ExitCodes.Success).Json.GetProperty("outcome").GetString());
        using var client = silo.CreateClient(embedded.ApiKey);
        Assert.Equal("active", await client.VerifyAsync(keys.Secrets["active"]));
    }

    /// <summary>A request that was executed before is not executed again.</summary>
    private static async Task CheckIdempotencyAsync(ServiceProcess silo, MovedKeys keys)
    {
        using var client = silo.CreateClient(keys.ApiKey);
        var repeated = await client.PostIdempotentAsync(IdempotencyKey, Routes.VirtualKeys, CreateJson);
        repeated.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal(keys.Secrets["idempotent"], repeated.Secret);
    }

    /// <summary>The deliveries that were pending are sent, each once, and in order.</summary>
    private static async Task CheckWebhookAsync(ServiceProcess silo, MovedKeys keys, WebhookReceiver receiver)
    {
        receiver.RespondWith(_ => HttpStatusCode.NoContent);
        using var client = silo.CreateClient(keys.ApiKey);
        (await client.SendAsync(
            HttpMethod.Post, $"{Routes.Webhooks}/{keys.WebhookId}/redeliver", new { since = keys.CreatedAt }))
            .EnsureStatus(HttpStatusCode.Accepted);
        var received = await receiver.WaitForAsync(keys.WatchedKeyId, "virtual_key.created", "virtual_key.updated");
        Assert.Distinct(received.Select(message => message.Id));
    }

    /// <summary>An event after the move is later than all before it.</summary>
    private static async Task CheckNextEventAsync(ServiceProcess silo, MovedKeys keys, Contents before)
    {
        using var client = silo.CreateClient(keys.ApiKey);
        await client.CreateAsync("after the move");
        var list = (await client.SendAsync(HttpMethod.Get, $"{Routes.Events}?limit=1&order=desc")).Json;
        var id = list.GetProperty("data")[0].GetProperty("id").GetString()!;
        Assert.True(long.Parse(id, null) > before.LastEventId);
    }

    /// <summary>The grace period ends when it was to end, and the hash of the secret is erased then.</summary>
    private static async Task CheckErasureAsync(ServiceProcess silo, MovedKeys keys, MoveTarget target)
    {
        using var client = silo.CreateClient(keys.ApiKey);
        await Wait.UntilAsync(
            async () => await client.VerifyAsync(keys.Secrets["retiring briefly"]) is "expired_secret" or "not_found",
            ShortGrace + Wait.Timeout);
        Assert.True(TimeProvider.System.GetUtcNow() >= keys.ShortDeadline);
        await Wait.UntilAsync(
            async () => (long)(await target.ExecuteAsync(
                $"SELECT count(*) FROM KeysRetiringKey WHERE Id = '{keys.RetiringBrieflyId}'"))! == 0,
            TimeSpan.FromMinutes(2));
        Assert.Equal("retiring", await client.VerifyAsync(keys.Secrets["retiring"]));
    }

    /// <summary>Hides digests, and the paths of the test.</summary>
    private static string Mask(string json)
    {
        var report = JsonNode.Parse(json)!;
        foreach (var table in report["tables"]!.AsArray())
        {
            Assert.Matches("^[0-9a-f]{32}$", (string)table!["digest"]!);
            table["digest"] = "<digest>";

            // Another service writes while it stops, so the number differs.
            if ((string)table["table"]! == "KeysWebhookDelivery") table["rows"] = "<number>";
        }

        foreach (var setting in report["settings"]!.AsArray())
            setting!["source"] = ((string)setting["source"]!).Split('/')[^1];
        report["database"] = "<database>";
        return report.ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }

    /// <summary>What callers see of a service.</summary>
    private sealed class Contents
    {
        public SortedDictionary<string, string> Verdicts { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> Lists { get; } = new(StringComparer.Ordinal);

        public List<string> Events { get; } = [];

        public long LastEventId => Events.Max(
            recorded => long.Parse(JsonDocument.Parse(recorded).RootElement.GetProperty("id").GetString()!, null));

        public static async Task<Contents> ReadAsync(ServiceProcess process, MovedKeys keys, string adminKey)
        {
            var contents = new Contents();
            using var client = process.CreateClient(keys.ApiKey);
            using var admin = process.CreateClient(adminKey);
            foreach (var (name, secret) in keys.Secrets)
                contents.Verdicts[name] = ReadCode(await client.VerifyAsync(secret));
            foreach (var (name, apiKey) in keys.ApiKeys)
            {
                using var other = process.CreateClient(apiKey);
                contents.Verdicts[name] = $"{(await other.ListAsync()).Status}";
            }

            foreach (var query in (string[])
                [
                    "", "?status=disabled", "?status=revoked", "?external_id=ext-1", "?name_prefix=act",
                    "?has_retiring_secrets=true", "?has_retiring_secrets=false",
                ])
                contents.Lists[query] = await ListIdsAsync(client, Routes.VirtualKeys + query);
            contents.Lists["projects"] = await ListIdsAsync(admin, Routes.Projects);
            contents.Lists["webhooks"] = await ListIdsAsync(client, Routes.Webhooks);

            var page = await admin.SendAsync(HttpMethod.Get, $"{Routes.AllEvents}?limit=200");
            page.EnsureStatus(HttpStatusCode.OK);
            contents.Events.AddRange(
                page.Json.GetProperty("data").EnumerateArray().Select(recorded => recorded.GetRawText()));
            return contents;
        }

        /// <summary>The hash of a secret whose deadline has passed is erased at any time.</summary>
        private static string ReadCode(string code) => code is "expired_secret" or "not_found" ? Ended : code;

        private static async Task<string> ListIdsAsync(TestKit.KeysClient client, string path)
        {
            var response = await client.SendAsync(HttpMethod.Get, path);
            response.EnsureStatus(HttpStatusCode.OK);
            return string.Join(' ', response.Json.GetProperty("data").EnumerateArray()
                .Select(entry => entry.GetProperty("id").GetString()));
        }
    }

    /// <summary>Keys in every status, with their secrets.</summary>
    private sealed class MovedKeys
    {
        public required string ApiKey { get; init; }

        public SortedDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, string> ApiKeys { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset CreatedAt { get; private set; }

        public string WebhookId { get; private set; } = "";

        public string WatchedKeyId { get; private set; } = "";

        public string RetiringBrieflyId { get; private set; } = "";

        public DateTimeOffset ShortDeadline { get; private set; }

        public static async Task<MovedKeys> CreateAsync(
            ServiceProcess process, string apiKey, string adminKey, string url, TimeSpan shortGrace)
        {
            var keys = new MovedKeys { ApiKey = apiKey, CreatedAt = TimeProvider.System.GetUtcNow() };
            using var client = KeysClient.Create(
                new KeysClientOptions { BaseAddress = process.Address, ApiKey = apiKey });
            using var admin = KeysClient.Create(
                new KeysClientOptions { BaseAddress = process.Address, ApiKey = adminKey });
            using var raw = process.CreateClient(apiKey);
            keys.WebhookId = (await client.Webhooks.CreateAsync(new CreateWebhook { Url = url })).Webhook.Id;

            await keys.AddAsync(client, "active", new CreateVirtualKey { Name = "active", ExternalId = "ext-1" });
            keys.WatchedKeyId = await keys.AddAsync(client, "named", new CreateVirtualKey { Name = "a name ü" });
            await client.VirtualKeys.UpdateAsync(
                keys.WatchedKeyId, new UpdateVirtualKey { Name = "another name 🔑" });
            var retiring = await keys.AddAsync(client, "retiring", new CreateVirtualKey { Name = "rotated" });
            keys.Secrets["rotated"] = (await client.VirtualKeys.RotateAsync(retiring, TimeSpan.FromHours(1))).Secret;
            keys.RetiringBrieflyId = await keys.AddAsync(
                client, "retiring briefly", new CreateVirtualKey { Name = "rotated" });
            keys.ShortDeadline = TimeProvider.System.GetUtcNow() + shortGrace;
            await client.VirtualKeys.RotateAsync(keys.RetiringBrieflyId, shortGrace);
            var replaced = await keys.AddAsync(client, "replaced", new CreateVirtualKey { Name = "replaced" });
            await client.VirtualKeys.RotateAsync(replaced, TimeSpan.Zero);
            await client.VirtualKeys.DisableAsync(
                await keys.AddAsync(client, "disabled", new CreateVirtualKey { Name = "disabled" }), "a leak");
            await client.VirtualKeys.RevokeAsync(
                await keys.AddAsync(
                    client, "revoked", new CreateVirtualKey { Name = "revoked", ExternalId = "ext-2" }));
            await keys.AddAsync(client, "expired", new CreateVirtualKey
            {
                Name = "expired",
                ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(2),
            });
            var issued = await raw.PostIdempotentAsync(IdempotencyKey, Routes.VirtualKeys, CreateJson);
            keys.Secrets["idempotent"] = issued.Secret;
            keys.Secrets["unknown"] = ForgedSecret.WithDifferentRandomPart(keys.Secrets["active"]);

            var project = (await admin.Projects.CreateAsync("other")).Project.Id;
            var created = await admin.ApiKeys.CreateAsync(
                project, new CreateApiKey { Name = "gateway", Permissions = ["virtualKeys:view"] });
            keys.ApiKeys["API key, replaced"] = created.Secret;
            keys.ApiKeys["API key"] = (await admin.ApiKeys.RotateAsync(
                project, created.ApiKey.Id, TimeSpan.FromHours(1))).Secret;
            var deleted = await admin.ApiKeys.CreateAsync(
                project, new CreateApiKey { Name = "deleted", Permissions = ["virtualKeys:view"] });
            keys.ApiKeys["API key, deleted"] = deleted.Secret;
            await admin.ApiKeys.DeleteAsync(project, deleted.ApiKey.Id);
            var archived = (await admin.Projects.CreateAsync("archived")).Project.Id;
            await admin.Projects.ArchiveAsync(archived);

            await Wait.UntilAsync(async () => await raw.VerifyAsync(keys.Secrets["expired"]) == "expired");
            await Wait.UntilAsync(async () => await HasPendingAsync(client, keys.WebhookId));
            return keys;
        }

        private static async Task<bool> HasPendingAsync(KeysClient client, string webhook)
        {
            var page = await client.Webhooks.ListDeliveriesAsync(webhook);
            return page.Data.Any(delivery => delivery.Attempts.Count > 0);
        }

        private async Task<string> AddAsync(KeysClient client, string name, CreateVirtualKey command)
        {
            var created = await client.VirtualKeys.CreateAsync(command);
            Secrets[name] = created.Secret;
            return created.VirtualKey.Id;
        }
    }
}

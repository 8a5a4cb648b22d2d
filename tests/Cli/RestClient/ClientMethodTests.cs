using System.Text.Json;
using System.Text.RegularExpressions;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.RestClient;

/// <summary>Each method of the client calls the real service, and together they call each endpoint.</summary>
[Collection(CliService.CollectionName)]
public sealed class ClientMethodTests(CliService service)
{
    /// <summary>The endpoints that no method calls, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["GET /api/gateway/v1/virtual-keys/{id}/spend"] = "for clients of LangWatch; it has no costs",
        ["POST /api/projects/{id}/rotate-api-key"] = "for clients of LangWatch; ApiKeys.RotateAsync does the same",
        ["DELETE /api/projects/{id}/retiring-api-keys"] = "see rotate-api-key",
        ["DELETE /api/projects/{id}/retiring-api-keys/{secret_id}"] = "see rotate-api-key",
        ["PATCH /api/projects/{id}/retiring-api-keys/{secret_id}"] = "see rotate-api-key",
        ["GET /api/gateway/v1/virtual-keys/{id}/events"] = "EventFilter.VirtualKeyId selects the same",
    };

    [Fact]
    public async Task Each_method_works_and_each_endpoint_has_a_method()
    {
        using var proxy = new FaultyProxy(service.Address);
        using var admin = service.CreateClient(service.AdminKey, proxy.Address);
        var project = await admin.Projects.CreateAsync("a project");
        using (var client = service.CreateClient(project.ApiKey, proxy.Address))
        {
            await CallVirtualKeysAsync(client);
            await CallApiKeysAsync(client, project.Project.Id);
            await CallWebhooksAsync(client);
            await CallEventsAsync(client, admin);
        }

        await CallProjectsAsync(admin, project.Project.Id);

        var endpoints = ReadEndpoints();
        var called = proxy.Requests.Select(request => FindEndpoint(endpoints, request)).ToHashSet();
        Assert.Equal(Exempt.Keys.Order(), endpoints.Except(called).Order());
    }

    private static async Task CallVirtualKeysAsync(KeysClient client)
    {
        var keys = client.VirtualKeys;
        var issued = await keys.CreateAsync(new CreateVirtualKey
        {
            Name = "checkout",
            Description = "For the shop",
            Environment = VirtualKeyEnvironment.Test,
            PrincipalUserId = "user-1",
            ProviderCredentialIds = ["credential-1"],
            ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(60),
            Permissions = ["chat:write"],
            ExternalId = "ext-1",
            Metadata = new Dictionary<string, string> { ["team"] = "payments" },
            Config = JsonElement.Parse("""{"limit": 1, "models": ["a"]}"""),
            AllowedIps = ["10.0.0.0/8"],
        });
        var id = issued.VirtualKey.Id;
        Assert.StartsWith("vk-lw-test_", issued.Secret, StringComparison.Ordinal);
        Assert.Equal(VirtualKeyEnvironment.Test, issued.VirtualKey.Environment);
        Assert.Equal("payments", issued.VirtualKey.Metadata["team"]);
        Assert.Equal(1, issued.VirtualKey.Config.GetProperty("limit").GetInt32());

        var rotated = await keys.RotateAsync(id, TimeSpan.FromHours(1));
        Assert.NotEqual(issued.Secret, rotated.Secret);
        Assert.False(rotated.IsReplay);
        var retiring = Assert.Single(rotated.VirtualKey.RetiringSecrets);

        var verdict = await keys.VerifyAsync(new VerifySecret
        {
            Secret = issued.Secret,
            Permissions = ["chat:write"],
            IpAddress = "10.1.2.3",
        });
        Assert.Equal((true, VerdictCode.Retiring), (verdict.Valid, verdict.Code));
        Assert.Equal(retiring.ValidUntil, verdict.ValidUntil);
        Assert.Equal(id, verdict.VirtualKey!.Id);

        await Wait.UntilAsync(async () =>
        {
            var verifications = await keys.GetVerificationsAsync();
            Assert.Equal(300, verifications.BucketSeconds);
            var counts = verifications.Data.SelectMany(bucket => bucket.Counts);
            return counts.SequenceEqual([new VerificationCount(VerdictCode.Retiring, 1)]);
        });

        var deadline = retiring.ValidUntil + TimeSpan.FromHours(1);
        var extended = await keys.ChangeDeadlineAsync(id, retiring.Id, deadline);
        Assert.Equal(deadline, Assert.Single(extended.RetiringSecrets).ValidUntil);
        Assert.Empty((await keys.ExpireRetiringSecretAsync(id, retiring.Id)).RetiringSecrets);
        await keys.RotateAsync(id);
        Assert.Empty((await keys.ExpireRetiringSecretsAsync(id)).RetiringSecrets);

        var updated = await keys.UpdateAsync(id, new UpdateVirtualKey
        {
            Name = "checkout 2",
            Description = new(null),
            ProviderCredentialIds = new([]),
            ExpiresAt = new(null),
            Permissions = new(["models:*"]),
            ExternalId = new(null),
            Metadata = new(new Dictionary<string, string>()),
            Config = new(JsonElement.Parse("""{"limit": null}""")),
            AllowedIps = new([]),
        });
        Assert.Equal("checkout 2", updated.Name);
        Assert.Null(updated.Description);
        Assert.Null(updated.ExpiresAt);
        Assert.Null(updated.ExternalId);
        Assert.Empty(updated.Metadata);
        Assert.Empty(updated.AllowedIps);
        Assert.False(updated.Config.TryGetProperty("limit", out _));
        var cleared = await keys.UpdateAsync(id, new UpdateVirtualKey { Config = new(null) });
        Assert.Equal("{}", cleared.Config.GetRawText());
        var renamed = await keys.UpdateAsync(id, new UpdateVirtualKey { Name = "checkout 3" });
        Assert.Equal(["models:*"], renamed.Permissions);

        Assert.Equal("a leak", (await keys.DisableAsync(id, "a leak")).DisabledReason);
        Assert.Equal(VirtualKeyStatus.Disabled, (await keys.GetAsync(id)).Status);
        Assert.Equal(VirtualKeyStatus.Active, (await keys.EnableAsync(id)).Status);
        await keys.DisableAsync(id);

        var filter = new VirtualKeyFilter
        {
            Status = VirtualKeyStatus.Disabled,
            Environment = VirtualKeyEnvironment.Test,
            PrincipalUserId = "user-1",
            NamePrefix = "check",
            HasRetiringSecrets = false,
        };
        Assert.Equal(id, Assert.Single((await keys.ListPageAsync(filter)).Data).Id);
        Assert.Empty((await keys.ListPageAsync(filter with { ExternalId = "ext-2" })).Data);
        Assert.Empty((await keys.ListPageAsync(filter with { ExpiresBefore = deadline })).Data);
        for (var number = 0; number < 3; number++) await keys.CreateAsync(new CreateVirtualKey { Name = "more" });
        var first = await keys.ListPageAsync(limit: 3);
        var second = await keys.ListPageAsync(cursor: first.NextCursor, limit: 3);
        Assert.Equal((3, 1, null), (first.Data.Count, second.Data.Count, second.NextCursor));
        Assert.Equal(4, await keys.ListAsync().CountAsync());

        var hash = new string('0', 64);
        var results = await keys.ImportAsync(
        [
            new ImportVirtualKey
            {
                Hash = hash,
                Algorithm = ImportedHashAlgorithm.Sha256,
                Encoding = HashEncoding.Hex,
                DisplayPrefix = "old-",
                Name = "imported",
                Description = "From another system",
                Environment = VirtualKeyEnvironment.Test,
                PrincipalUserId = "user-1",
                ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(60),
                Permissions = ["chat:write"],
                ExternalId = "old-1",
                Metadata = new Dictionary<string, string> { ["team"] = "payments" },
                AllowedIps = ["10.0.0.0/8"],
                Disabled = true,
            },
            new ImportVirtualKey { Hash = hash, Algorithm = ImportedHashAlgorithm.Sha512, Name = "too short" },
        ]);
        Assert.Equal([ImportStatus.Imported, ImportStatus.Failed], results.Select(result => result.Status));
        Assert.Equal(VirtualKeyStatus.Disabled, (await keys.GetAsync(results[0].VirtualKeyId!)).Status);
        Assert.Equal("validation_failed", results[1].Error!.Code);

        Assert.Equal(VirtualKeyStatus.Revoked, (await keys.RevokeAsync(id)).Status);
    }

    private static async Task CallApiKeysAsync(KeysClient client, string projectId)
    {
        var caller = await client.GetCallerAsync();
        Assert.Equal(("api_key", projectId), (caller.Kind, caller.ProjectId));
        Assert.Equal(ApiKeyPermissions.All.Order(), caller.Permissions.Order());

        var keys = client.ApiKeys;
        var issued = await keys.CreateAsync(projectId, new CreateApiKey
        {
            Name = "gateway",
            Permissions = [ApiKeyPermissions.VerifyVirtualKeys],
            ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(60),
        });
        var id = issued.ApiKey.Id;
        var rotated = await keys.RotateAsync(projectId, id, TimeSpan.FromHours(1));
        var retiring = Assert.Single(rotated.ApiKey.RetiringSecrets);
        var deadline = retiring.ValidUntil + TimeSpan.FromHours(1);
        var extended = await keys.ChangeDeadlineAsync(projectId, id, retiring.Id, deadline);
        Assert.Equal(deadline, Assert.Single(extended.RetiringSecrets).ValidUntil);
        Assert.Empty((await keys.ExpireRetiringSecretAsync(projectId, id, retiring.Id)).RetiringSecrets);
        await keys.RotateAsync(projectId, id);
        Assert.Empty((await keys.ExpireRetiringSecretsAsync(projectId, id)).RetiringSecrets);
        var update = new UpdateApiKey
        {
            Name = "gateway 2",
            Permissions = new([ApiKeyPermissions.ViewEvents]),
            ExpiresAt = new(null),
        };
        var updated = await keys.UpdateAsync(projectId, id, update);
        Assert.Equal(("gateway 2", null), (updated.Name, updated.ExpiresAt));
        Assert.Equal(["events:view"], updated.Permissions);
        Assert.Equal(updated.Name, (await keys.GetAsync(projectId, id)).Name);
        Assert.Equal(2, (await keys.ListAsync(projectId)).Count);
        await keys.DeleteAsync(projectId, id);
        Assert.Single(await keys.ListAsync(projectId));
    }

    private static async Task CallWebhooksAsync(KeysClient client)
    {
        using var receiver = new WebhookReceiver();
        var webhooks = client.Webhooks;
        var issued = await webhooks.CreateAsync(
            new CreateWebhook { Url = receiver.Url, Description = "The shop", EventTypes = ["virtual_key.revoked"] });
        var id = issued.Webhook.Id;
        Assert.StartsWith("whsec_", issued.Secret, StringComparison.Ordinal);
        Assert.Equal("The shop", (await webhooks.GetAsync(id)).Description);
        Assert.Single(await webhooks.ListAsync());
        var rotated = await webhooks.RotateSecretAsync(id, TimeSpan.FromHours(1));
        Assert.NotNull(rotated.Webhook.RetiringUntil);
        var update = new UpdateWebhook
        {
            Url = receiver.Url,
            Description = new(null),
            EventTypes = new(null),
            Status = WebhookStatus.Disabled,
        };
        var updated = await webhooks.UpdateAsync(id, update);
        Assert.Equal((null, WebhookStatus.Disabled), (updated.Description, updated.Status));
        Assert.Null(updated.EventTypes);
        await webhooks.UpdateAsync(id, new UpdateWebhook { Status = WebhookStatus.Enabled });

        var tested = await webhooks.TestAsync(id);
        Assert.Equal(WebhookDeliveryStatus.Delivered, tested.Status);
        Assert.Equal(204, Assert.Single(tested.Attempts).StatusCode);
        var page = await webhooks.ListDeliveriesAsync(id, WebhookDeliveryStatus.Delivered);
        Assert.Contains(page.Data, delivery => delivery.Id == tested.Id);
        Assert.Equal("webhook.test", (await webhooks.GetDeliveryAsync(id, tested.Id)).Type);
        Assert.Equal(tested.Id, (await webhooks.RedeliverAsync(id, tested.Id)).Id);
        var since = rotated.Webhook.CreatedAt - TimeSpan.FromHours(1);
        Assert.Equal(since, await webhooks.RedeliverSinceAsync(id, since));
        await webhooks.DeleteAsync(id);
    }

    private static async Task CallEventsAsync(KeysClient client, KeysClient admin)
    {
        var events = client.Events;
        var caller = await client.GetCallerAsync();
        var oldest = await events.ListPageAsync(limit: 1);
        Assert.True(oldest.HasMore);
        var newest = await events.ListPageAsync(new EventFilter { Type = "virtual_key.revoked" }, newestFirst: true);
        var revoked = Assert.Single(newest.Data);
        Assert.Equal("api_key", revoked.Actor.Kind);
        var filter = new EventFilter
        {
            Actor = caller.SecretId,
            VirtualKeyId = revoked.VirtualKeyId,
            From = revoked.At,
            To = revoked.At.AddSeconds(1),
        };
        Assert.Contains((await events.ListPageAsync(filter)).Data, entry => entry.Id == revoked.Id);
        var all = await admin.Events.ListPageAsync(
            new EventFilter { ProjectId = caller.ProjectId, Type = "virtual_key.revoked" }, allProjects: true);
        Assert.Equal(revoked.Id, Assert.Single(all.Data).Id);

        var followed = events.FollowAsync(new EventFilter { VirtualKeyId = revoked.VirtualKeyId });
        Assert.Equal("virtual_key.created", (await followed.FirstAsync()).Type);
    }

    private static async Task CallProjectsAsync(KeysClient admin, string id)
    {
        var projects = admin.Projects;
        Assert.Equal("a project", (await projects.GetAsync(id)).Name);
        var updated = await projects.UpdateAsync(id, new UpdateProject { Name = "b", MaxVirtualKeys = 7 });
        Assert.Equal(("b", 7), (updated.Name, updated.MaxVirtualKeys));
        Assert.Equal("a leak", (await projects.DisableAsync(id, "a leak")).DisabledReason);
        Assert.Equal(ProjectStatus.Active, (await projects.EnableAsync(id)).Status);
        Assert.Contains((await projects.ListPageAsync(limit: 200)).Data, project => project.Id == id);
        Assert.Equal(ProjectStatus.Archived, (await projects.ArchiveAsync(id)).Status);
        Assert.True(await projects.ListAsync(archived: true).AnyAsync(project => project.Id == id));
        Assert.NotNull((await projects.EraseAsync(id)).ErasureRequestedAt);
    }

    private static List<string> ReadEndpoints()
    {
        var document = JsonElement.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "openapi", "v1.json")));
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from method in path.Value.EnumerateObject()
               where method.Name != "parameters" && path.Name.StartsWith("/api/", StringComparison.Ordinal)
               select $"{method.Name.ToUpperInvariant()} {path.Name}",
        ];
    }

    /// <summary>Finds the endpoint of a request: without parameters, if two match.</summary>
    private static string FindEndpoint(List<string> endpoints, ProxiedRequest request) => endpoints
        .Where(endpoint => Regex.IsMatch(
            $"{request.Method} {request.Path}", $"^{Regex.Replace(endpoint, "{[^}]+}", "[^/]+")}$"))
        .MinBy(endpoint => endpoint.Count(character => character == '{'))!;
}

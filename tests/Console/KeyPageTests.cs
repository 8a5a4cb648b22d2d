using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class KeyPageTests(ConsoleService service)
{
    [Fact]
    public async Task A_key_is_revoked_only_when_its_name_is_typed()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("old gateway");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.UnfoldAsync("Revoke");

        await person.Page.GetByLabel("to confirm").FillAsync("another key");
        await person.PressAsync("Revoke key");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was revoked");
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));

        await person.Page.GetByLabel("to confirm").FillAsync("old gateway");
        await person.PressAsync("Revoke key");

        await Assertions.Expect(person.Page.Locator(".title .badge.revoked")).ToBeVisibleAsync();
        Assert.Equal(VerdictCode.Revoked, await project.VerifyAsync(key.Secret));
    }

    [Fact]
    public async Task A_key_is_disabled_with_a_reason_and_enabled_again()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("paused");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        await person.UnfoldAsync("Disable");
        await person.Page.GetByLabel("Reason").FillAsync("leaked in a chat");
        await person.PressAsync("Disable key");

        await Assertions.Expect(person.Page.Locator("dl").First).ToContainTextAsync("leaked in a chat");
        Assert.Equal(VerdictCode.Disabled, await project.VerifyAsync(key.Secret));

        await person.PressAsync("Enable key");

        await Assertions.Expect(person.Page.Locator(".title .badge.active")).ToBeVisibleAsync();
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
    }

    [Fact]
    public async Task The_events_say_who_changed_what_from_where()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("before");
        await project.Api.VirtualKeys.UpdateAsync(key.VirtualKey.Id, new UpdateVirtualKey { Name = "after" });
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.UnfoldAsync("Disable");
        await person.PressAsync("Disable key");

        var events = person.Page.Locator(".events > li");
        await Assertions.Expect(events.First).ToContainTextAsync("virtual_key.disabled");
        await Assertions.Expect(events.First).ToContainTextAsync("from 127.0.0.1");
        await events.Nth(1).Locator("summary").ClickAsync();
        var change = events.Nth(1).GetByRole(AriaRole.Row).Filter(new() { HasTextString = "name" });
        await Assertions.Expect(change).ToContainTextAsync("before");
        await Assertions.Expect(change).ToContainTextAsync("after");
    }

    [Fact]
    public async Task Text_of_a_key_is_never_markup()
    {
        const string Markup = "<img src=x onerror=document.title='run'>";
        var project = await service.CreateProjectAsync();
        var key = await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
        {
            Name = Markup,
            Metadata = new Dictionary<string, string> { ["note"] = "</dd><script>1</script>" },
        });
        await using var person = await service.SignInAsync(project.ApiKey);

        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Markup);
        await Assertions.Expect(person.Page.Locator("main img, main script")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Older_events_are_on_further_pages()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("often renamed");
        for (var number = 0; number < 21; number++)
        {
            await project.Api.VirtualKeys.UpdateAsync(
                key.VirtualKey.Id, new UpdateVirtualKey { Name = $"name {number}" });
        }

        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        var events = person.Page.Locator(".events > li");
        await Assertions.Expect(events).ToHaveCountAsync(20);

        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Older events" }).ClickAsync();

        await Assertions.Expect(events).ToHaveCountAsync(2);
        await Assertions.Expect(events.Last).ToContainTextAsync("virtual_key.created");
    }

    [Fact]
    public async Task The_page_says_when_it_cannot_be_refreshed()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("watched");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        var notice = person.Page.Locator("#stale");
        await Assertions.Expect(notice).ToBeHiddenAsync();

        await person.Page.RouteAsync("**/secrets", route => route.FulfillAsync(new() { Status = 429 }));
        await Assertions.Expect(notice).ToContainTextAsync("may be out of date");
        await Assertions.Expect(notice).ToBeVisibleAsync();

        await person.Page.UnrouteAsync("**/secrets");
        await Assertions.Expect(notice).ToBeHiddenAsync();
    }
}

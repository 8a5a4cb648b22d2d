using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class RotationTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_rotates_a_key_and_watches_the_old_secret_fall_silent_on_one_page()
    {
        var project = await service.CreateProjectAsync();
        var old = await project.CreateKeyAsync("payments");
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "payments" }).ClickAsync();
        var address = page.Url;
        await person.UnfoldAsync("Rotate secret");
        await page.GetByLabel("7 days").CheckAsync();
        await person.PressAsync("Rotate now");

        var secret = await page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(secret));
        Assert.Equal(address, page.Url);
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToContainTextAsync("Ends in 6 days");
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToContainTextAsync("Wait: it was replaced");

        // The page shows a use of the old secret without a reload.
        Assert.Equal(VerdictCode.Retiring, await project.VerifyAsync(old.Secret, "192.0.2.7"));
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToContainTextAsync("from 192.0.2.7");
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToContainTextAsync("Still in use");

        await person.PressAsync("Expire early");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("The secret has expired");
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToHaveCountAsync(0);
        Assert.Equal(VerdictCode.ExpiredSecret, await project.VerifyAsync(old.Secret));
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(secret));
        Assert.Equal(address, page.Url);
    }

    [Fact]
    public async Task A_new_secret_is_copied_with_one_press_and_shown_on_no_other_page()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("copied");
        await using var person = await service.SignInAsync(
            project.ApiKey, new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");
        var secret = await person.Page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();

        await person.PressAsync("Copy");

        await Assertions.Expect(person.Page.Locator("#copied")).ToHaveTextAsync("Copied.");
        Assert.Equal(secret, await person.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        Assert.DoesNotContain(secret, await person.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_after_a_rotation_shows_the_same_secret_and_rotates_nothing()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("reloaded");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");
        var field = person.Page.GetByLabel("New secret", new() { Exact = true });
        var secret = await field.InputValueAsync();

        await person.Page.ReloadAsync();

        Assert.Equal(secret, await field.InputValueAsync());
        Assert.Equal("2", (await project.Api.VirtualKeys.GetAsync(key.VirtualKey.Id)).Revision);
    }

    [Fact]
    public async Task A_key_is_rotated_and_its_old_secret_expired_without_scripts()
    {
        var project = await service.CreateProjectAsync();
        var old = await project.CreateKeyAsync("scriptless");
        await using var person = await service.SignInAsync(project.ApiKey, new() { JavaScriptEnabled = false });
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "scriptless" }).ClickAsync();
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");
        var secret = await person.Page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();

        await person.PressAsync("Expire early");

        await Assertions.Expect(person.Page.Locator(".timeline li.retiring")).ToHaveCountAsync(0);
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(secret));
        Assert.Equal(VerdictCode.ExpiredSecret, await project.VerifyAsync(old.Secret));
    }

    [Fact]
    public async Task A_key_is_rotated_with_the_keyboard_alone()
    {
        var project = await service.CreateProjectAsync();
        var old = await project.CreateKeyAsync("by keyboard");
        await using var person = await service.OpenAsync();
        var page = person.Page;
        await page.GotoAsync("/console");
        await page.Keyboard.TypeAsync(project.ApiKey);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console");

        await MoveToAsync(page, "Keys");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/console/keys");
        await MoveToAsync(page, "by keyboard");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/{old.VirtualKey.Id}");
        await MoveToAsync(page, "Rotate secret");
        await page.Keyboard.PressAsync("Enter");
        await MoveToAsync(page, "Rotate now");
        await page.Keyboard.PressAsync("Enter");

        var secret = await page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(secret));
    }

    /// <summary>Presses Tab until an element has the focus.</summary>
    private static async Task MoveToAsync(IPage page, string text)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("document.activeElement.textContent.trim()") == text) return;
        }

        Assert.Fail($"Tab does not reach '{text}'.");
    }
}

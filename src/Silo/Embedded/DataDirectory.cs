using System.Security.Cryptography;
using KeysCluster.Api.Hosting;
using SimpleBase;

namespace KeysCluster.Silo.Embedded;

/// <summary>
/// The folder of the embedded topology: the database, the pepper and the admin key, for one process at a time and
/// readable by its owner only.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (_path, _lock) = (path, @lock);

    public string AdminKeyFile => Path.Combine(_path, "admin-key");

    private string DatabaseFile => Path.Combine(_path, "keys.db");

    private string PepperFile => Path.Combine(_path, "pepper");

    /// <summary>Opens the folder, and makes it when there is none.</summary>
    /// <exception cref="StartupException">Another process has it, or it cannot be used.</exception>
    public static DataDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            CreateForOwner(path);
            var lockFile = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataDirectory(path, lockFile);
        }
        catch (IOException) when (Directory.Exists(path))
        {
            throw new StartupException(
                $"another process uses the data directory {path}. Stop it, or set Keys:DataDirectory to another folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the data directory {path} cannot be used: {exception.Message}");
        }
    }

    /// <summary>The pepper in base64, made when there is no database yet that another one has gone into.</summary>
    public string Pepper()
    {
        if (File.Exists(PepperFile)) return File.ReadAllText(PepperFile).Trim();
        if (File.Exists(DatabaseFile))
        {
            throw new StartupException(
                $"the file {PepperFile} is missing. Without it no secret in the database can be told good; restore it.");
        }

        return Create(PepperFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>The admin key, made when there is none.</summary>
    public string AdminKey() => File.Exists(AdminKeyFile)
        ? File.ReadAllText(AdminKeyFile).Trim()
        : Create(AdminKeyFile, $"ak-lw-{Base32.Crockford.Encode(RandomNumberGenerator.GetBytes(30))}");

    /// <summary>The database's file, made empty when there is none; SQLite keeps its mode for the files beside it.</summary>
    public string CreateDatabaseFile()
    {
        if (!File.Exists(DatabaseFile)) OpenForOwner(DatabaseFile).Dispose();
        return DatabaseFile;
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Writes a file whole or not at all: a crash in between leaves no half of a pepper.</summary>
    private static string Create(string path, string content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = OpenForOwner(draft))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(content + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        return content;
    }

    private static FileStream OpenForOwner(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static void CreateForOwner(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }
}

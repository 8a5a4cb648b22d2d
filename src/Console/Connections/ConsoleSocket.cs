using System.Net;
using System.Net.Sockets;
using KeysCluster.Hosting;

namespace KeysCluster.WebConsole.Connections;

/// <summary>
/// The Unix domain socket over which the console calls the API of its own process. Only the user of the process can
/// open it, so what a request on it says of its client is true.
/// </summary>
public sealed class ConsoleSocket : IDisposable
{
    private readonly DirectoryInfo _folder;

    private ConsoleSocket(DirectoryInfo folder) => _folder = folder;

    /// <summary>The address, in the form in which a host listens on it.</summary>
    public string Url => $"http://unix:{FilePath}";

    internal string FilePath => Path.Combine(_folder.FullName, "api");

    /// <summary>Creates the folder of the socket, which no other user can open.</summary>
    /// <exception cref="StartupException">The folder of temporary files cannot be written.</exception>
    public static ConsoleSocket Create()
    {
        try
        {
            return new ConsoleSocket(Directory.CreateTempSubdirectory("keys-console-"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The console needs a folder of temporary files, or Console:Enabled=false: {exception.Message}");
        }
    }

    /// <summary>Returns whether a connection was accepted on this socket.</summary>
    /// <param name="localEndPoint">The end of the connection in this process.</param>
    public bool Owns(EndPoint? localEndPoint) =>
        localEndPoint is UnixDomainSocketEndPoint && localEndPoint.ToString() == FilePath;

    /// <summary>Deletes the folder.</summary>
    public void Dispose()
    {
        if (_folder.Exists) _folder.Delete(recursive: true);
    }
}
